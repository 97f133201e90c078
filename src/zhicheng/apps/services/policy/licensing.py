"""Which value of an application stands in which line of the licence that it leads to."""

from collections.abc import Collection, Iterable, Mapping

# Lines of licences that forms call otherwise, tried in this order.
ALIASES: dict[str, tuple[str, ...]] = {
    "holder": ("holder", "name", "applicant_name", "child_name", "company_name", "shop_name"),
    "company": ("company", "company_name", "shop_name", "name"),
    "id_number": ("id_number", "applicant_id_number", "child_id_number"),
    "address": (
        *("address", "settle_address", "move_in_address", "residence_address"),
        *("business_address", "registered_address", "settle_district", "division"),
    ),
    "uscc": ("uscc", "company_code", "employer_code", "licence_number"),
    "representative": ("representative", "legal_representative", "operator_name", "applicant_name"),
    "employer": ("employer", "employer_name", "company_name"),
    "legal_person": ("legal_person", "legal_representative", "applicant_name", "name"),
}
KNOWN = frozenset({"rule", "item", "case_number", "unit", "station", "reason", "category", "district"})
"""Lines that the application itself knows: which rule or person decided, which item, which unit."""


def sources_of(line: str, fields: Collection[str], mapping: Mapping[str, str]) -> list[str]:
    """The form's fields that may fill a line, the best first: named by the item, of the same name, aliases."""
    if line in mapping:
        return [mapping[line]]
    return [name for name in dict.fromkeys((line, *ALIASES.get(line, ()))) if name in fields]


def missing_lines(required: Iterable[str], fields: Collection[str], mapping: Mapping[str, str]) -> list[str]:
    """Required lines of a licence that nothing in the form fills."""
    return [line for line in required if line not in KNOWN and not sources_of(line, fields, mapping)]
