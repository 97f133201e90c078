"""What actions on an application add to their step: the licence that an approval issues, what is to be decided anew."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zhicheng.apps.services.models import Application
from zhicheng.apps.services.operations.applying import to_decide_part
from zhicheng.apps.services.operations.licensing import licence_of
from zhicheng.core.cases.values import CaseRow, Preparation
from zhicheng.core.parties.values import Actor
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.sqltext import Part

_BY_PERSON = "approve"
_APPROVALS = frozenset({_BY_PERSON, "approve_by_rule"})
_ANEW = frozenset({"release", "correct"})
_INVITE = "invite"
_OURSELVES = "会审单位不能是办理这件申请的单位自己，请选择别的单位"


def prepare(case: CaseRow, action: str, given: Mapping[str, Any], actor: Actor, now: datetime) -> Preparation:
    """The rows that an action stores beside its own: both or neither. Lines of a licence come with an approval.

    Raises:
        FieldErrors: a unit asks itself for its opinion.
    """
    if action in _APPROVALS:
        application, typed = Application.objects.get(pk=case.id), given if action == _BY_PERSON else None
        return Preparation(parts=licence_of(case, application, typed, actor, now), rule=_rule(case))
    if action in _ANEW:
        return Preparation(parts=lambda gate: _anew(case, now, gate))
    if action == _INVITE and str(given.get("unit") or "").strip() == case.unit:
        raise FieldErrors({"unit": [_OURSELVES]})
    return Preparation()


def _anew(case: CaseRow, now: datetime, gate: str) -> Sequence[Part]:
    return [to_decide_part([case.id], now, gate=gate)]


def _rule(case: CaseRow) -> str:
    return f"service:{case.category}"
