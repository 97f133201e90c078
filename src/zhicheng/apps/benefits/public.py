"""The only door to benefits."""

from zhicheng.apps.benefits.base import PaymentProvider
from zhicheng.apps.benefits.operations.advancing import advance_runs
from zhicheng.apps.benefits.operations.confirming import confirm_entitlement
from zhicheng.apps.benefits.operations.correcting import correct_fact, read_claim
from zhicheng.apps.benefits.operations.paying import make_batch, read_batch, reissue_payment, write_batch
from zhicheng.apps.benefits.operations.planning import approve_run, plan_run
from zhicheng.apps.benefits.operations.returning import take_return
from zhicheng.apps.benefits.operations.sweeping import sweep_results
from zhicheng.apps.benefits.operations.telling import yuan
from zhicheng.apps.benefits.policy.periods import period_words
from zhicheng.apps.benefits.queries.catalogue import get_benefit, list_benefits, list_groups
from zhicheng.apps.benefits.queries.entitlements import get_my_entitlement, list_my_entitlements, my_key
from zhicheng.apps.benefits.queries.payments import (
    FailedPayment,
    count_waiting,
    get_batch,
    list_batches,
    list_failed,
    list_reclaims,
)
from zhicheng.apps.benefits.queries.runs import compare_run, get_run, list_runs
from zhicheng.apps.benefits.queries.why import list_about_me, why_granted, why_me
from zhicheng.apps.benefits.registry import payment_providers

__all__ = [
    "FailedPayment",
    "PaymentProvider",
    "advance_runs",
    "approve_run",
    "compare_run",
    "confirm_entitlement",
    "correct_fact",
    "count_waiting",
    "get_batch",
    "get_benefit",
    "get_my_entitlement",
    "get_run",
    "list_about_me",
    "list_batches",
    "list_benefits",
    "list_failed",
    "list_groups",
    "list_my_entitlements",
    "list_reclaims",
    "list_runs",
    "make_batch",
    "my_key",
    "payment_providers",
    "period_words",
    "plan_run",
    "read_batch",
    "read_claim",
    "reissue_payment",
    "sweep_results",
    "take_return",
    "why_granted",
    "why_me",
    "write_batch",
    "yuan",
]
