"""The worker's duty: bring the oldest open run one step further. Any number of workers, stopped at any instant."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from zhicheng.apps.benefits.models import BenefitRun
from zhicheng.apps.benefits.operations.computing import compute_run
from zhicheng.apps.benefits.operations.granting import grant_chunk
from zhicheng.apps.benefits.operations.losing import settle_losses
from zhicheng.apps.benefits.operations.telling import tell_chunk

Step = Callable[[BenefitRun, datetime], object]


def advance_runs(now: datetime) -> int:
    """One step of one run: compute, grant a piece, stop and reclaim some, tell some; 0 where nothing is to be done."""
    with transaction.atomic():
        waiting = BenefitRun.objects.filter(finished_at__isnull=True, failure="")
        ready = waiting.filter(approved_at__isnull=False) | waiting.filter(computed_at__isnull=True)
        row = ready.select_for_update(skip_locked=True).order_by("planned_at").first()
        if row is None:
            return 0
        _step_of(row)(row, now)
    return 1


def _step_of(row: BenefitRun) -> Step:
    if row.computed_at is None:
        return compute_run
    if row.granted_at is None:
        return grant_chunk
    return settle_losses if row.losses_at is None else tell_chunk
