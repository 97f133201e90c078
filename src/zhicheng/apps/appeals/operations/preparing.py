"""What actions on an appeal need before the process decides: units looked up, limits set, numbers resolved."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from zhicheng.apps.appeals.errors import ItemUnknown
from zhicheng.apps.appeals.policy import arbiter_unit, resolve
from zhicheng.apps.appeals.policy.dispatch import URGENT_LIMIT, limit_of
from zhicheng.apps.appeals.queries.directory import get_directory
from zhicheng.core.cases.public import find_open_visible
from zhicheng.core.cases.values import CaseRow, Preparation
from zhicheng.core.parties.values import Actor
from zhicheng.core.places.public import division_path, place_levels
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.texts import clean_text

BAD_SCORE = 2
_ASSIST_LIMIT = {"working_days": 3, "source": "协办时限（示意）"}
_URGENT_ASSIST_LIMIT = {"hours": 12, "calendar": "always", "source": "紧急诉求协办时限（示意）"}

Input = Mapping[str, Any]


def prepare(case: CaseRow, action: str, given: Input, actor: Actor, _now: datetime) -> Preparation:
    """The context of an action on an appeal.

    Raises:
        FieldErrors: a unit, item or number that was typed does not exist.
    """
    found = _PREPARERS.get(action)
    return found(case, given, actor) if found else Preparation()


def _dispatch(case: CaseRow, given: Input, actor: Actor) -> Preparation:
    directory = get_directory()
    try:
        item = directory.taxonomy.get(str(given.get("item") or ""))
    except ItemUnknown as error:
        raise FieldErrors({"item": [str(error)]}) from error
    unit: str | None = _chosen_unit(given, "unit")
    if not unit:
        unit, reasons = resolve(item, _divisions(case), directory)
        if unit is None:
            raise FieldErrors({"unit": [f"{reasons[-1]}，请指定承办单位"]})
    urgent = item.urgent or bool(case.facts.get("danger"))
    context = {"unit": unit, "limit": dict(URGENT_LIMIT) if urgent else limit_of(item), "urgent": urgent}
    return Preparation(
        context, category=item.code, urgent=urgent, facts={"item": item.code}, rule=f"person:{actor.ref}"
    )


def _refuse(case: CaseRow, given: Input, _actor: Actor) -> Preparation:
    _chosen_unit(given, "suggested")
    return Preparation({"arbiter_unit": arbiter_unit(case.unit, _divisions(case), get_directory())})


def _arbitrate(_case: CaseRow, given: Input, _actor: Actor) -> Preparation:
    return Preparation({"unit": _chosen_unit(given, "unit") or get_directory().fallback_unit})


def _invite(case: CaseRow, given: Input, _actor: Actor) -> Preparation:
    if _chosen_unit(given, "unit") == case.unit:
        raise FieldErrors({"unit": ["协办单位不能是主办单位自己"]})
    return Preparation({"assist_limit": _URGENT_ASSIST_LIMIT if case.urgent else _ASSIST_LIMIT})


def _rate(case: CaseRow, given: Input, _actor: Actor) -> Preparation:
    """A bad rating goes one level up."""
    tree = get_directory().tree
    above = tree.get(case.unit).parent if case.unit in tree else None
    return Preparation({"rated_unit": (above or case.unit) if _is_bad(given.get("score")) else case.unit})


def _is_bad(score: Any) -> bool:
    """Read as the process reads it: ` 1` and `+1` are 1. What is no number the process refuses."""
    try:
        return int(clean_text(str(score))) <= BAD_SCORE
    except ValueError:
        return False


def _merge(case: CaseRow, given: Input, actor: Actor) -> Preparation:
    """Into a case that concerns the actor, too: another number shows neither that it exists nor that it is open."""
    number = str(given.get("into") or "").strip().upper()
    main = find_open_visible(actor, number) if number else None
    if main is None or main.id == case.id or main.process != case.process:
        raise FieldErrors({"into": ["请填写另一件还在办理的诉求工单号"]})
    return Preparation({"merged_into": main.number})


def _chosen_unit(given: Input, field: str) -> str:
    code = str(given.get(field) or "").strip()
    tree = get_directory().tree
    if code and (code not in tree or tree.get(code).ended_date is not None):
        raise FieldErrors({field: ["没有这个单位，请从列表里选择"]})
    return code


def _divisions(case: CaseRow) -> list[tuple[str, str]]:
    return place_levels(division_path(case.division)) if case.division else []


_PREPARERS: dict[str, Callable[[CaseRow, Input, Actor], Preparation]] = {
    "dispatch": _dispatch,
    "refuse": _refuse,
    "arbitrate": _arbitrate,
    "invite": _invite,
    "rate": _rate,
    "merge": _merge,
}
