"""The only door to disclosure."""

from zhicheng.apps.disclosure.operations.consulting import CHILD, consult, end_if_answered
from zhicheng.apps.disclosure.operations.submitting import (
    LONGEST_DESCRIPTION,
    MOST_FILES,
    PROCESS,
    check_request,
    submit_request,
)
from zhicheng.apps.disclosure.policy import answer_of
from zhicheng.apps.disclosure.queries.requests import get_request, list_late_answers, report_year
from zhicheng.apps.disclosure.queries.terms import get_terms
from zhicheng.apps.disclosure.queries.units import find_units, list_answering_units

__all__ = [
    "CHILD",
    "LONGEST_DESCRIPTION",
    "MOST_FILES",
    "PROCESS",
    "answer_of",
    "check_request",
    "consult",
    "end_if_answered",
    "find_units",
    "get_request",
    "get_terms",
    "list_answering_units",
    "list_late_answers",
    "report_year",
    "submit_request",
]
