"""The dispatch decision: from candidates and a place to a unit, with its reasons; or to a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhicheng.apps.appeals.policy.responsibility import ResponsibilityList
from zhicheng.apps.appeals.policy.taxonomy import Taxonomy
from zhicheng.apps.appeals.values import Candidate, Item, Routing
from zhicheng.core.parties.values import UnitTree

ASSIGNED = "assigned"
DEFAULT_LIMIT = {"working_days": 5, "source": "未确定事项前的默认时限"}
URGENT_LIMIT = {"hours": 24, "calendar": "always", "source": "紧急诉求 24 小时办结"}
_LEVELS = ("community", "street", "district", "city")


@dataclass(frozen=True)
class Directory:
    """What the decision reads: the taxonomy, the responsibility list, the units, the pack's fixed points."""

    taxonomy: Taxonomy
    responsibilities: ResponsibilityList
    tree: UnitTree
    triage_unit: str
    fallback_unit: str
    threshold: float


@dataclass(frozen=True)
class Question:
    """One appeal to be routed. `divisions` are (code, level) from the finest; empty when the place is not known."""

    candidates: Sequence[Candidate]
    divisions: Sequence[tuple[str, str]]
    place: str = ""
    confirmed_item: str = ""


def decide(question: Question, directory: Directory) -> Routing:
    """Route to the unit in charge, or to a person where the machine is not sure or the place is not known.

    Raises:
        ItemUnknown: the confirmed item does not exist.
    """
    item, why = _item(question, directory)
    if item is None:
        item, why = _agreed(question, directory, why)
    if item is None:
        return _to_person(question, directory, why)
    unit, found = resolve(item, question.divisions, directory)
    reasons = [why, *found]
    if unit is None:
        return _to_person(question, directory, *reasons, item=item)
    assist = directory.responsibilities.find(item, [code for code, _ in question.divisions]).assist
    return Routing(unit, ASSIGNED, item.code, item.urgent, limit_of(item), assist, reasons)


def resolve(item: Item, divisions: Sequence[tuple[str, str]], directory: Directory) -> tuple[str | None, list[str]]:
    """The unit in charge of an item at a place, and the reasons; None where the place is too vague."""
    line = directory.responsibilities.find(item, [code for code, _ in divisions])
    scope = f"（适用区域 {line.area}）" if line.area != "*" else ""
    reasons = [f"职责清单：「{item.label}」由{_line_words(line.lead, directory.tree)}承办{scope}"]
    kind, _, name = line.lead.partition(":")
    if kind == "unit":
        living = _living(name, directory.tree)
        return living or directory.fallback_unit, reasons if living else [*reasons, "这个单位已经不在，交兜底单位"]
    function, _, level = line.lead.partition("@")
    wanted = _from_level(divisions, level)
    if not wanted:
        return None, [*reasons, f"地点没有精确到{_LEVEL_NAMES.get(level, level)}，需要人工确定"]
    unit = directory.tree.serving(function, wanted)
    if unit is None:
        return directory.fallback_unit, [*reasons, "当地没有对应的单位，交兜底单位"]
    return unit, [*reasons, f"承办单位：{directory.tree.get(unit).name}"]


def suggested_assist(item: Item, divisions: Sequence[tuple[str, str]], directory: Directory) -> str:
    """The unit that the responsibility list names for assisting at a place; empty where it names none."""
    expression = directory.responsibilities.find(item, [code for code, _ in divisions]).assist
    kind, _, name = expression.partition(":")
    if kind == "unit":
        return _living(name, directory.tree)
    function, _, level = expression.partition("@")
    return directory.tree.serving(function, _from_level(divisions, level)) or ""


def triage_unit(divisions: Sequence[tuple[str, str]], directory: Directory) -> str:
    """Where a person decides: the district's hotline where the place is known, else the city's."""
    districts = [code for code, level in divisions if level == "district"]
    return directory.tree.serving("hotline", districts) or directory.triage_unit


def arbiter_unit(refusing: str, divisions: Sequence[tuple[str, str]], directory: Directory) -> str:
    """Who settles a refusal: the district's hotline for a unit of that district, the city's for a city unit."""
    tree = directory.tree
    local = triage_unit(divisions, directory)
    if local == directory.triage_unit or refusing not in tree or local not in tree:
        return directory.triage_unit
    district = tree.get(local).division
    inside = any(tree.get(code).division == district for code in (refusing, *tree.ancestors(refusing)))
    return local if inside else directory.triage_unit


def limit_of(item: Item) -> dict[str, Any]:
    """The limit that the resolve clock takes a snapshot of."""
    if item.urgent:
        return dict(URGENT_LIMIT)
    return {"working_days": item.limit_days, "source": item.limit_source}


_LEVEL_NAMES = {"community": "社区", "street": "街道", "district": "区", "city": "市"}


def _item(question: Question, directory: Directory) -> tuple[Item | None, str]:
    if question.confirmed_item:
        item = directory.taxonomy.get(question.confirmed_item)
        return item, f"事项由工作人员确认为「{item.label}」"
    known = [candidate for candidate in question.candidates if candidate.code in directory.taxonomy]
    if not known:
        return None, "没有识别出诉求事项，由分拨员人工确定"
    best = known[0]
    share = f"{best.probability:.0%}"
    if best.probability < directory.threshold:
        why = f"最可能是「{best.label}」（{share}），低于自动分拨门槛 {directory.threshold:.0%}"
        return None, f"{why}，由分拨员人工确定"
    why = f"识别为「{best.label}」，把握 {share}，达到自动分拨门槛 {directory.threshold:.0%}"
    return directory.taxonomy.get(best.code), why


def _agreed(question: Question, directory: Directory, why: str) -> tuple[Item | None, str]:
    """The likeliest item where the candidates differ in what it is but agree on who is in charge.

    A smell of gas may be a leak or a cut pipe: nobody has to wait for a person to tell which.
    """
    known = [candidate for candidate in question.candidates if candidate.code in directory.taxonomy]
    units = [resolve(directory.taxonomy.get(found.code), question.divisions, directory)[0] for found in known]
    if not known or units[0] is None:
        return None, why
    agreeing = [found.probability for found, unit in zip(known, units, strict=True) if unit == units[0]]
    if sum(agreeing) < directory.threshold:
        return None, why
    words = f"{len(agreeing)} 个可能的事项都由同一单位承办，合计把握 {sum(agreeing):.0%}"
    return directory.taxonomy.get(known[0].code), f"{words}，达到自动分拨门槛 {directory.threshold:.0%}"


def _line_words(lead: str, tree: UnitTree) -> str:
    """An expression of the responsibility list as people read it."""
    kind, _, code = lead.partition(":")
    if kind == "unit":
        return tree.get(code).name if code in tree else code
    return f"事发地{_LEVEL_NAMES.get(lead.partition('@')[2], '')}一级的对应单位"


def _to_person(question: Question, directory: Directory, *reasons: str, item: Item | None = None) -> Routing:
    unit = triage_unit(question.divisions, directory)
    best = question.candidates[0].code if question.candidates else ""
    suspected = best if best in directory.taxonomy else ""
    guess = item or (directory.taxonomy.get(suspected) if suspected else None)
    urgent = guess.urgent if guess else False
    limit = dict(URGENT_LIMIT) if urgent else dict(DEFAULT_LIMIT)
    return Routing(unit, "", item.code if item else suspected, urgent, limit, "", list(reasons))


def _living(code: str, tree: UnitTree) -> str:
    """The unit or the one that took over; empty where nobody did."""
    found = tree.successor_of(code) if code in tree else ""
    return found if found and tree.get(found).ended_date is None else ""


def _from_level(divisions: Sequence[tuple[str, str]], level: str) -> list[str]:
    """Divisions from a level upwards, provided the place is known at that level."""
    wanted = _LEVELS[_LEVELS.index(level) :] if level in _LEVELS else ()
    found = [code for code, known in divisions if known in wanted]
    return found if any(known == level for _, known in divisions) else []
