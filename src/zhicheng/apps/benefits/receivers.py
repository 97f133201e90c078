"""What benefits do when something happened to a case of theirs."""

from datetime import datetime
from uuid import UUID

from zhicheng.apps.benefits.operations.correcting import settle_correction
from zhicheng.apps.benefits.operations.reclaiming import waive_reclaim
from zhicheng.apps.benefits.queries.projected import PAYMENTS, read_payments, walk_batches
from zhicheng.core.lake.public import Projection, project
from zhicheng.core.ledger.public import subscribe
from zhicheng.core.ledger.values import Event


def corrected(event: Event, now: datetime) -> None:
    """The department has corrected a fact."""
    settle_correction(UUID(event.subject.partition(":")[2]), now)


def waived(event: Event, now: datetime) -> None:
    """Nothing has to come back."""
    waive_reclaim(UUID(event.subject.partition(":")[2]), now)


subscribe("cases.benefit_correction.correct", "benefits.correcting", corrected)
subscribe("cases.benefit_reclaim.waive", "benefits.waiving", waived)
project(Projection(PAYMENTS, read_payments, walk_batches))
