"""The one write gate: open a case, act on it, fire its clocks. Plain SQL, at most two round trips each.

Nothing else writes `cases_case`, `cases_clock` and `cases_history`.
"""

from zhicheng.core.cases.gate.acting import act, act_by_system
from zhicheng.core.cases.gate.definitions import calendars, process_of, processes
from zhicheng.core.cases.gate.firing import fire_due_clocks, next_firing_at
from zhicheng.core.cases.gate.loading import COLUMNS, case_row
from zhicheng.core.cases.gate.migrating import MigrationPlan, migrate_cases
from zhicheng.core.cases.gate.opening import NewCase, new_case, store_case
from zhicheng.core.cases.gate.recomputing import recompute_clocks

__all__ = [
    "COLUMNS",
    "MigrationPlan",
    "NewCase",
    "act",
    "act_by_system",
    "calendars",
    "case_row",
    "fire_due_clocks",
    "migrate_cases",
    "new_case",
    "next_firing_at",
    "process_of",
    "processes",
    "recompute_clocks",
    "store_case",
]
