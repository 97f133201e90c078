"""The only door to governance: indicators, their values, what they are made of."""

from zhicheng.apps.governance.operations.alerting import area_name
from zhicheng.apps.governance.operations.computing import Task, compute
from zhicheng.apps.governance.operations.running import compute_next, run_indicators, sweep_runs
from zhicheng.apps.governance.operations.sampling import sample_health
from zhicheng.apps.governance.policy.judging import words_of
from zhicheng.apps.governance.queries.alerts import list_alerts
from zhicheng.apps.governance.queries.asked import known_of
from zhicheng.apps.governance.queries.catalogue import get_catalogue, get_indicator, list_indicators
from zhicheng.apps.governance.queries.explaining import explain, may_see_rows, owner_unit, require_rows
from zhicheng.apps.governance.queries.latest import by_area, latest_values, series
from zhicheng.apps.governance.queries.reading import narrow_indicator, read_catalogue

__all__ = [
    "Task",
    "area_name",
    "by_area",
    "compute",
    "compute_next",
    "explain",
    "get_catalogue",
    "get_indicator",
    "known_of",
    "latest_values",
    "list_alerts",
    "list_indicators",
    "may_see_rows",
    "narrow_indicator",
    "owner_unit",
    "read_catalogue",
    "require_rows",
    "run_indicators",
    "sample_health",
    "series",
    "sweep_runs",
    "words_of",
]
