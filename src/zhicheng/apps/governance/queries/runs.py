"""Computations of the past."""

from zhicheng.apps.governance.models import IndicatorRun
from zhicheng.apps.governance.values import RunReport


def last_run(base: str) -> RunReport | None:
    """The newest computation of a base."""
    row = IndicatorRun.objects.filter(base=base).order_by("-at").first()
    if row is None:
        return None
    return RunReport(row.id, row.base, row.step, 0, row.values, row.changed, row.failures, row.ms)
