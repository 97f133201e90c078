"""What actions on an application add to their step: the licence that an approval issues, what is to be decided anew."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zhicheng.apps.services.models import Application
from zhicheng.apps.services.operations.applying import to_decide_part
from zhicheng.apps.services.operations.licensing import licence_of
from zhicheng.core.cases.values import CaseRow, Preparation
from zhicheng.core.parties.values import Actor
from zhicheng.kit.sqltext import Part

_APPROVALS = frozenset({"approve", "approve_by_rule"})
_ANEW = frozenset({"release", "correct"})


def prepare(case: CaseRow, action: str, _given: Mapping[str, Any], actor: Actor, now: datetime) -> Preparation:
    """The rows that an action stores beside its own: both or neither."""
    if action in _APPROVALS:
        return Preparation(parts=licence_of(case, Application.objects.get(pk=case.id), actor, now), rule=_rule(case))
    if action in _ANEW:
        return Preparation(parts=lambda gate: _anew(case, now, gate))
    return Preparation()


def _anew(case: CaseRow, now: datetime, gate: str) -> Sequence[Part]:
    return [to_decide_part([case.id], now, gate=gate)]


def _rule(case: CaseRow) -> str:
    return f"service:{case.category}"
