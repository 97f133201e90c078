"""Which unit does what an item asks for."""

from collections.abc import Sequence

from zhicheng.apps.services.values import ServiceItem
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import get_unit_tree


def department_name(function: str) -> str:
    """The name by which people know the department with a function: that of the city, else the first there is."""
    tree = get_unit_tree()
    code = tree.serving(function, [current_pack().city_division]) or next(
        (unit.code for unit in tree.all().values() if unit.function == function and unit.ended_date is None), ""
    )
    return tree.get(code).name if code else function


def unit_for(item: ServiceItem, divisions: Sequence[str] = ()) -> str | None:
    """The unit that decides on an item, for an applicant whose place lies in `divisions` (near to far); None: nobody.

    An item of the city goes to the city's department wherever the applicant lives.
    """
    city = current_pack().city_division
    path = [city] if item.level == "city" else [*divisions, city]
    return get_unit_tree().serving(item.department, path)


def unit_short(code: str) -> str:
    """A unit's name; its code where it is not known any more."""
    tree = get_unit_tree()
    return tree.get(code).name if code in tree else code
