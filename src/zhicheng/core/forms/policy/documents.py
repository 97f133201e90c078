"""What can be read from which kind of document."""

from collections.abc import Mapping

READERS: Mapping[str, frozenset[str]] = {
    "id_card": frozenset({"name", "sex", "birth_date", "address", "number", "valid_until"}),
    "household": frozenset({"name", "number", "birth_date", "address", "relation"}),
    "marriage": frozenset({"name", "partner", "number", "partner_number", "registered_date"}),
    "diploma": frozenset({"name", "number", "major", "school", "level", "graduated_date", "birth_date"}),
    "business_licence": frozenset({"name", "number", "representative", "address", "founded_date", "capital"}),
    "birth_certificate": frozenset({"name", "number", "birth_date", "mother", "father"}),
    "generic": frozenset({"name", "number", "date"}),
}
"""Reader → the fields it can give; `name` is whose document it is (of a company, the company's name)."""
