"""The service centre: who goes on with a conversation, and who owns a matter."""

from zhicheng.apps.assistant.values import Terms
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import get_unit_tree


def centre_unit(terms: Terms) -> str:
    """The unit that takes conversations over; empty where the city has none."""
    pack, tree = current_pack(), get_unit_tree()
    found = tree.serving(terms.unit_function, [pack.city_division])
    return found or (pack.fallback_unit if pack.fallback_unit in tree else "")


def owner_unit(department: str) -> str:
    """The city's unit for a department's function; empty where there is none."""
    return get_unit_tree().serving(department, [current_pack().city_division]) or "" if department else ""
