"""Pure decisions of appeals: who is in charge, whether a machine may decide, how levels are computed."""

from zhicheng.apps.appeals.policy.dispatch import (
    Directory,
    Question,
    arbiter_unit,
    decide,
    resolve,
    suggested_assist,
    triage_unit,
)
from zhicheng.apps.appeals.policy.responsibility import ResponsibilityList
from zhicheng.apps.appeals.policy.taxonomy import Taxonomy

__all__ = [
    "Directory",
    "Question",
    "ResponsibilityList",
    "Taxonomy",
    "arbiter_unit",
    "decide",
    "resolve",
    "suggested_assist",
    "triage_unit",
]
