"""The only door to services."""

from zhicheng.apps.services.operations.applying import (
    PROCESSES,
    asked_of,
    check_applicant,
    needs_of,
    possible_needs,
    reuse_held,
    start_application,
    submit_application,
)
from zhicheng.apps.services.operations.deciding import decide_application, decide_waiting
from zhicheng.apps.services.operations.licensing import plan_licence
from zhicheng.apps.services.operations.licensing_renewal import find_renewal, start_renewal
from zhicheng.apps.services.policy import Catalogue, saving_of
from zhicheng.apps.services.queries.applications import get_application, list_alike_decisions
from zhicheng.apps.services.queries.catalogue import get_catalogue
from zhicheng.apps.services.queries.departments import department_name, unit_for
from zhicheng.apps.services.queries.savings import finished_savings, sum_savings
from zhicheng.apps.services.queries.search import list_items, search_catalogue

__all__ = [
    "PROCESSES",
    "Catalogue",
    "asked_of",
    "check_applicant",
    "decide_application",
    "decide_waiting",
    "department_name",
    "find_renewal",
    "finished_savings",
    "get_application",
    "get_catalogue",
    "list_alike_decisions",
    "list_items",
    "needs_of",
    "plan_licence",
    "possible_needs",
    "reuse_held",
    "saving_of",
    "search_catalogue",
    "start_application",
    "start_renewal",
    "submit_application",
    "sum_savings",
    "unit_for",
]
