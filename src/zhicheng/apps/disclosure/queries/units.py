"""Which unit holds what is asked for."""

from zhicheng.apps.disclosure.values import FoundUnit
from zhicheng.apps.services.public import get_catalogue, search_catalogue, unit_for
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import Unit

# Below this a service only shares a word or two with the text: measured, what fits scores above 45, chance below 18.
_SURE = 30.0
_ANSWERING = frozenset({"government", "department", "street_office", "center"})


def list_answering_units() -> list[Unit]:
    """Living units that take requests: governments, departments, street offices."""
    units = get_unit_tree().all().values()
    return [unit for unit in units if unit.kind in _ANSWERING and unit.ended_date is None]


def is_answering_unit(code: str) -> bool:
    """Whether a unit takes requests."""
    tree = get_unit_tree()
    return code in tree and tree.get(code).kind in _ANSWERING and tree.get(code).ended_date is None


def find_units(text: str, *, limit: int = 3) -> list[FoundUnit]:
    """Units that may hold what a text asks for: those it names first, then those whose services it is about."""
    units, found = list_answering_units(), dict[str, FoundUnit]()
    for unit in sorted(units, key=lambda unit: -len(unit.name)):
        if unit.name in text:
            found[unit.code] = FoundUnit(unit.code, unit.name, "申请里写明了这个机关")
    catalogue, tree = get_catalogue(), get_unit_tree()
    for hit in search_catalogue(text[:60], limit=5):
        item = catalogue.items.get(hit.code) if hit.kind == "item" and hit.score >= _SURE else None
        code = unit_for(item) if item else None
        if code and is_answering_unit(code):
            found.setdefault(code, FoundUnit(code, tree.get(code).name, f"办理“{hit.label}”"))
    return list(found.values())[:limit]


def fallback_unit() -> str:
    """Who gets a request that fits nobody."""
    return current_pack().fallback_unit
