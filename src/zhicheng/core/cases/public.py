"""The only door to cases."""

from zhicheng.core.cases.gate import (
    MigrationPlan,
    NewCase,
    act,
    act_by_system,
    calendars,
    fire_due_clocks,
    migrate_cases,
    new_case,
    next_firing_at,
    process_of,
    processes,
    recompute_clocks,
    store_case,
)
from zhicheng.core.cases.gate.definitions import calendar_from
from zhicheng.core.cases.gate.follow_codes import case_of_link, follow_code, requester_link
from zhicheng.core.cases.gate.opening import earlier_case, extra_gate
from zhicheng.core.cases.operations.attachments import (
    add_draft_attachment,
    attachment_part,
    attachment_path,
    bind_drafts_part,
    check_file,
    lock_drafts,
)
from zhicheng.core.cases.operations.sweeping import sweep_drafts
from zhicheng.core.cases.policy import readable_units
from zhicheng.core.cases.queries.details import (
    CaseDetails,
    find_open_by_number,
    find_open_visible,
    get_attachment,
    get_case,
    get_case_as_requester,
    get_case_by_secret,
    get_row,
    list_children,
    list_numbers,
    visible_numbers,
)
from zhicheng.core.cases.queries.lists import (
    case_gauges,
    count_cases,
    count_queues,
    list_cases,
    similar_cases,
    unit_loads,
)
from zhicheng.core.cases.queries.maps import (
    AreaNumbers,
    area_loads,
    area_numbers,
    count_categories,
    list_open_points,
)
from zhicheng.core.cases.queries.processes import finished_parents, list_running_processes
from zhicheng.core.cases.queries.visibility import Purpose
from zhicheng.core.cases.registry import ProcessHooks, case_columns, process_hooks

__all__ = [
    "AreaNumbers",
    "CaseDetails",
    "MigrationPlan",
    "NewCase",
    "ProcessHooks",
    "Purpose",
    "act",
    "act_by_system",
    "add_draft_attachment",
    "area_loads",
    "area_numbers",
    "attachment_part",
    "attachment_path",
    "bind_drafts_part",
    "calendar_from",
    "calendars",
    "case_columns",
    "case_gauges",
    "case_of_link",
    "check_file",
    "count_cases",
    "count_categories",
    "count_queues",
    "earlier_case",
    "extra_gate",
    "find_open_by_number",
    "find_open_visible",
    "finished_parents",
    "fire_due_clocks",
    "follow_code",
    "get_attachment",
    "get_case",
    "get_case_as_requester",
    "get_case_by_secret",
    "get_row",
    "list_cases",
    "list_children",
    "list_numbers",
    "list_open_points",
    "list_running_processes",
    "lock_drafts",
    "migrate_cases",
    "new_case",
    "next_firing_at",
    "process_hooks",
    "process_of",
    "processes",
    "readable_units",
    "recompute_clocks",
    "requester_link",
    "similar_cases",
    "store_case",
    "sweep_drafts",
    "unit_loads",
    "visible_numbers",
]
