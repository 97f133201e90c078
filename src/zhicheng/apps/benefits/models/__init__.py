"""Tables of benefits."""

from zhicheng.apps.benefits.models.correction import Correction
from zhicheng.apps.benefits.models.entitlement import Entitlement, Reclaim
from zhicheng.apps.benefits.models.payment import Payment, PaymentBatch, PaymentReturn
from zhicheng.apps.benefits.models.run import BenefitRun

__all__ = ["BenefitRun", "Correction", "Entitlement", "Payment", "PaymentBatch", "PaymentReturn", "Reclaim"]
