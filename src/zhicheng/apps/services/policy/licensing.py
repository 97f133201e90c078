"""Which value of an application stands in which line of the licence that it leads to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

Mapped = Mapping[str, str | Sequence[str]]
"""`licence_values` of an item: line → source, or several of which the first that has a value counts.

A source is a field of the form, `=words` that always stand there, one of `SPECIAL`, or `@licence.<type>.<line>`: what
the licence says that an earlier item of the same theme led to.
"""

# Lines of licences that forms call otherwise, tried in this order.
ALIASES: dict[str, tuple[str, ...]] = {
    "holder": ("holder", "name", "applicant_name", "child_name", "company_name", "shop_name"),
    "company": ("company", "company_name", "shop_name", "name"),
    "id_number": ("id_number", "applicant_id_number", "child_id_number"),
    "address": (
        *("address", "settle_address", "move_in_address", "residence_address"),
        *("business_address", "registered_address", "settle_district", "division"),
    ),
    "uscc": ("uscc", "company_uscc", "company_code", "employer_code"),
    "representative": (
        *("representative", "legal_representative", "representative_name", "legal_name"),
        *("operator_name", "applicant_name"),
    ),
    "employer": ("employer", "employer_name", "company_name"),
    "legal_person": ("legal_person", "legal_representative", "applicant_name", "name"),
}
KNOWN = frozenset({"rule", "item", "case_number", "unit", "station", "reason"})
"""Lines that the application itself knows: which rule or person decided, which item, which unit."""

SPECIAL = frozenset({"@date", "@unit", "@item", "@case_number", "@rule", "@serial", "@uscc", "@citizen_number"})
"""Sources beside the form: the day, unit, item, number or law of the approval; a number that the city gives out."""

_EARLIER = "@licence."


def sources_of(line: str, fields: Collection[str], mapping: Mapped) -> list[str]:
    """Where a line may be filled from, the best first: as the item says, else fields of the same name and aliases.

    `fields` are the form's, and the lines of earlier licences (`earlier_line`) where there are any.
    What the item names and this form has not is left out: a theme has a form of its own. An item that names none
    (`[]`) leaves the line to the officer, whatever the form has of that name.
    """
    if line in mapping and not mapping[line]:
        return []
    said = mapping.get(line, ())
    named = [said] if isinstance(said, str) else said
    usable = [name for name in named if name in fields or is_written(name) or name in SPECIAL]
    return usable or [name for name in dict.fromkeys((line, *ALIASES.get(line, ()))) if name in fields]


def is_written(source: str) -> bool:
    """Whether a source is the words themselves."""
    return source.startswith("=") and len(source) > 1


def earlier_line(type_code: str, line: str) -> str:
    """The source that a line of a licence is for items that come after its own in a theme.

    >>> earlier_line("business_licence", "uscc")
    '@licence.business_licence.uscc'
    """
    return f"{_EARLIER}{type_code}.{line}"


def is_earlier(source: str) -> bool:
    """Whether a source is a line of an earlier licence."""
    return source.startswith(_EARLIER)


def missing_lines(
    required: Iterable[str], fields: Collection[str], mapping: Mapped, *, sure: Collection[str]
) -> list[str]:
    """Required lines of a licence that may stay open without a person.

    `fields` are all that the form has, `sure` those of them that a complete form gives.
    """
    return [line for line in required if line not in KNOWN and not _is_sure(sources_of(line, fields, mapping), sure)]


def _is_sure(sources: Iterable[str], sure: Collection[str]) -> bool:
    return any(name in sure or name in SPECIAL or is_written(name) for name in sources)


def new_uscc(division: str, serial: int) -> str:
    """The unified code of a new company: `91`, its division, its organisation code, a check character.

    The organisation code is `MA` with six characters in base 31 and a check character of its own.

    Source: GB 32100-2015, GB 11714-1997.

    Raises:
        ValueError: the serial number does not fit.

    >>> new_uscc("440300", 1)
    '91440300MA00000152'
    """
    characters, rest = "", serial
    for _ in range(6):
        rest, digit = divmod(rest, len(_USCC_DIGITS))
        characters = _USCC_DIGITS[digit] + characters
    if rest or serial < 0:
        raise ValueError(f"no organisation code for {serial}")
    body = f"MA{characters}"
    total = sum(_value(each) * weight for each, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    code = f"91{division}{body}{'0123456789X0'[11 - total % 11]}"
    total = sum(_USCC_DIGITS.index(each) * 3**place for place, each in enumerate(code))
    return code + _USCC_DIGITS[-total % 31]


def new_citizen_number(division: str, birth: date, *, is_male: bool, serial: int) -> str:
    """The number of a newborn: division of the registration, day of birth, order, check character.

    A serial number counts modulo 500: a division gives at most as many numbers to a sex in a day.

    Source: GB 11643-1999.

    >>> new_citizen_number("440304", date(2026, 3, 1), is_male=False, serial=3)
    '440304202603010064'
    """
    body = f"{division}{birth:%Y%m%d}{serial % 500 * 2 + is_male:03d}"
    total = sum(int(each) * 2 ** (17 - place) for place, each in enumerate(body))
    return body + "10X98765432"[total % 11]


_USCC_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def _value(character: str) -> int:
    """Digits count as they are, letters from 10 on."""
    return int(character, 36)
