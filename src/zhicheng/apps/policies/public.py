"""The only door to policies."""

from zhicheng.apps.policies.operations.daily import push_daily
from zhicheng.apps.policies.operations.profiles import questions_for, save_profile
from zhicheng.apps.policies.operations.pushing import (
    CONSENT,
    PURPOSE,
    agree_to_pushes,
    gets_pushes,
    push_all,
    push_to,
    stop_pushes,
)
from zhicheng.apps.policies.policy import Library, compare_versions
from zhicheng.apps.policies.queries.library import get_library, issuer_name, list_policies
from zhicheng.apps.policies.queries.matching import match_facts, match_policies
from zhicheng.apps.policies.queries.profiles import get_profile_of, known_facts
from zhicheng.apps.policies.queries.readings import get_reading

__all__ = [
    "CONSENT",
    "PURPOSE",
    "Library",
    "agree_to_pushes",
    "compare_versions",
    "get_library",
    "get_profile_of",
    "get_reading",
    "gets_pushes",
    "issuer_name",
    "known_facts",
    "list_policies",
    "match_facts",
    "match_policies",
    "push_all",
    "push_daily",
    "push_to",
    "questions_for",
    "save_profile",
    "stop_pushes",
]
