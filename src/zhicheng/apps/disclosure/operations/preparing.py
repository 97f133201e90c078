"""What actions on a request need before the process decides."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhicheng.apps.disclosure.policy import decision_faults
from zhicheng.apps.disclosure.queries.terms import get_terms
from zhicheng.apps.disclosure.queries.units import is_answering_unit
from zhicheng.core.cases.values import CaseRow, Preparation
from zhicheng.core.parties.values import Actor
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.texts import clean_text

_NOTHING = Preparation()
_OBJECTIONS, _SHORTEST_REASON = frozenset({"disagree", "partly"}), 5


def prepare(case: CaseRow, action: str, given: Mapping[str, Any], _actor: Actor, _now: datetime) -> Preparation:
    """The context of an action on a request.

    Raises:
        FieldErrors: the decision lacks its ground, or the unit takes no requests.
    """
    if action == "ask_supplement":
        return Preparation({"supplement_limit": _supplement_limit(given)})
    if action == "transfer":
        code = str(given.get("unit") or "").strip()
        if code and not is_answering_unit(code):
            raise FieldErrors({"unit": ["这个单位不受理公开申请，请选择行政机关"]})
    if action == "decide":
        _check_decision(case, given)
    return _NOTHING


def prepare_opinion(
    _case: CaseRow, action: str, given: Mapping[str, Any], _actor: Actor, _now: datetime
) -> Preparation:
    """The context of an action on a letter that asks for an opinion.

    Raises:
        FieldErrors: somebody objects and does not say why.
    """
    objects = str(given.get("opinion") or "").strip() in _OBJECTIONS
    if action == "answer" and objects and len(clean_text(str(given.get("text") or ""))) < _SHORTEST_REASON:
        raise FieldErrors({"text": [f"请写明理由：公开会怎样损害您的合法权益（至少 {_SHORTEST_REASON} 个字）"]})
    return _NOTHING


def _supplement_limit(given: Mapping[str, Any]) -> dict[str, Any]:
    """The limit that the process starts; an amount that is no number the process refuses itself."""
    days = str(given.get("days") or "").strip()
    amount = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 1
    return {"working_days": max(amount, 1), "source": "条例第三十条：合理的补正期限"}


def _check_decision(case: CaseRow, given: Mapping[str, Any]) -> None:
    decision, ground = (str(given.get(name) or "").strip() for name in ("decision", "ground"))
    supplemented = bool(case.facts.get("supplemented"))
    errors: dict[str, list[str]] = {}
    for field, sentence in decision_faults(get_terms(), decision, ground, supplemented=supplemented):
        errors.setdefault(field, []).append(sentence)
    if errors:
        raise FieldErrors(errors)
