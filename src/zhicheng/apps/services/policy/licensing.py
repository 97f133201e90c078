"""Which value of an application stands in which line of the licence that it leads to."""

from collections.abc import Collection, Iterable

# Lines of licences that forms call otherwise, tried in this order.
ALIASES: dict[str, tuple[str, ...]] = {
    "holder": ("holder", "name", "applicant_name", "child_name", "company_name", "shop_name"),
    "company": ("company", "company_name", "shop_name", "name"),
    "id_number": ("id_number", "applicant_id_number", "child_id_number"),
    "address": ("address", "residence_address", "move_in_address", "business_address", "registered_address"),
    "legal_person": ("legal_person", "legal_representative", "applicant_name", "name"),
}
KNOWN = frozenset({"rule", "item", "case_number", "unit", "station", "reason", "category", "district"})
"""Lines that the application itself knows: which rule or person decided, which item, which unit."""


def source_of(line: str, fields: Collection[str], mapping: dict[str, str]) -> str:
    """The form's field that fills a line: named by the item, of the same name, or an alias; "" for none."""
    if line in mapping:
        return mapping[line]
    return next((name for name in (line, *ALIASES.get(line, ())) if name in fields), "")


def missing_lines(required: Iterable[str], fields: Collection[str], mapping: dict[str, str]) -> list[str]:
    """Required lines of a licence that nothing in the form fills."""
    return [line for line in required if line not in KNOWN and not source_of(line, fields, mapping)]
