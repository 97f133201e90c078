"""Results of old runs: their tables in the lake go; what was granted, and by which inputs, stays."""

from datetime import datetime

from django.db.models import Max

from zhicheng.apps.benefits.models import BenefitRun
from zhicheng.core.lake.public import sweep_tables

_TABLES = "benefits_"


def sweep_results(*, before: datetime, now: datetime) -> int:
    """Remove the tables of runs from before an instant, but of those still to be approved or executed; how many."""
    return sweep_tables(_TABLES, before=before, now=now, keep=_needed())


def _needed() -> set[str]:
    """Tables of runs that are being executed, or that may still be approved: none was approved since."""
    approvals = BenefitRun.objects.filter(approved_at__isnull=False).values_list("audience")
    newest = dict(approvals.annotate(at=Max("approved_at")))
    return {
        table
        for run in BenefitRun.objects.filter(finished_at__isnull=True, computed_at__isnull=False)
        if run.approved_at or run.audience not in newest or _after(run.computed_at, newest[run.audience])
        for table in (run.result_table, run.prior_table)
    }


def _after(computed_at: datetime | None, approved_at: datetime) -> bool:
    return computed_at is not None and computed_at > approved_at
