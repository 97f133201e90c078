"""How values that belong to other packages are read, and the whole check of a form's values."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from zhicheng.core.forms.errors import FormTooLarge, FormUnknown
from zhicheng.core.forms.policy.checking import check_values, compute, given
from zhicheng.core.forms.policy.conditions import visible_names
from zhicheng.core.forms.policy.parsing import parse_form
from zhicheng.core.forms.policy.reading import BadValue, Reader, ReadValues, drop_hidden, read_values
from zhicheng.core.forms.values import FORM, LIMIT_BYTES, Checked, Form, FormSection
from zhicheng.core.packs.public import DefinitionUnknown, current_definition, get_definition
from zhicheng.core.parties.errors import InvalidIdentifier
from zhicheng.core.parties.public import (
    mask_address,
    mask_id_number,
    mask_name,
    mask_phone,
    parse_id_number,
    parse_phone,
    parse_uscc,
)
from zhicheng.core.places.errors import DivisionNotFound, PlacesNotInstalled
from zhicheng.core.places.public import get_division, locate_address
from zhicheng.kit.clock import CHINA
from zhicheng.kit.sqltext import to_json

MASKS: Mapping[str, Callable[[str], str]] = {
    "text": mask_name,
    "id_number": mask_id_number,
    "phone": mask_phone,
    "address": mask_address,
}


def get_form(code: str) -> Form:
    """A form of the installed pack.

    Raises:
        FormUnknown: the pack has none with this code.
        NoPackInstalled: the city has none yet.
    """
    try:
        return form_by_hash(current_definition(FORM, code).hash)
    except DefinitionUnknown:
        raise FormUnknown() from None


@lru_cache(maxsize=1024)
def form_by_hash(digest: str) -> Form:
    """A form by the hash of its content, from any release.

    Raises:
        DefinitionUnknown: there is none.
    """
    pinned = get_definition(digest)
    return parse_form(pinned.hash, pinned.code, pinned.label, pinned.body)


def read_form(form: Form, raw: Mapping[str, Any], now: datetime) -> ReadValues:
    """What a person typed in its stored form, computed fields added.

    Raises:
        FormTooLarge: more than 100 kB altogether.
    """
    check_size(raw)
    today = local_day(now)
    found = read_values(form, raw, READERS, today)
    found.values |= compute(form, found.values, today)
    return found


def check_form(form: Form, raw: Mapping[str, Any], now: datetime, *, section: FormSection | None = None) -> Checked:
    """Values in their stored form with everything that is wrong with them; what the answers hide is left out.

    With a section, only what is wrong on that page.

    Raises:
        FormTooLarge: more than 100 kB altogether.
    """
    found = read_form(form, raw, now)
    values = drop_hidden(form, found.values)
    shown = visible_names(form, found.values)
    errors = {name: said for name, said in found.errors.items() if name == "" or _is_asked(name, values, shown)}
    for name, said in check_values(form, values, local_day(now)).items():
        errors.setdefault(name, said)
    if section is not None:
        names = {each.name for each in section.fields}
        errors = {name: said for name, said in errors.items() if name == "" or name.partition(".")[0] in names}
    return Checked(values, errors, _places(form, values))


def _is_asked(name: str, values: Mapping[str, Any], shown: frozenset[str]) -> bool:
    """Whether what could not be read is something that the answers ask for."""
    first, _, rest = name.partition(".")
    index, _, inner = rest.partition(".")
    return first in shown and (not inner or inner in values[first][int(index)])


def check_size(values: Mapping[str, Any]) -> None:
    """Refuse more than all values of a form may take.

    Raises:
        FormTooLarge: it is more than 100 kB.
    """
    if len(to_json(values).encode(errors="replace")) > LIMIT_BYTES:
        raise FormTooLarge(limit_kb=LIMIT_BYTES // 1000)


def local_day(now: datetime) -> date:
    """The day in China."""
    return now.astimezone(CHINA).date()


def _places(form: Form, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Where the addresses are, as far as their words say; an address that nobody knows is no error."""
    found: dict[str, dict[str, Any]] = {}
    for name, field, value in given(form, values):
        if field.widget != "address":
            continue
        try:
            location = locate_address(str(value))
        except PlacesNotInstalled:
            return {}
        if location is not None:
            point = location.point
            found[name] = {
                "divisions": list(location.divisions),
                "grid": location.grid,
                "longitude": point.longitude if point else None,
                "latitude": point.latitude if point else None,
                "score": round(location.score, 3),
            }
    return found


def _id_number(text: str, today: date) -> str:
    return parse_id_number(text, today=today).number


def _plain(parse: Callable[[str], str]) -> Reader:
    return lambda text, _today: parse(text)


def _division(text: str, _today: date) -> str:
    try:
        return get_division(text).code
    except DivisionNotFound:
        raise BadValue("请从列出的行政区划中选一个。") from None


def _spoken(parse: Reader) -> Reader:
    def read(text: str, today: date) -> str:
        try:
            return parse(text, today)
        except InvalidIdentifier as error:
            raise BadValue(str(error)) from None

    return read


READERS: Mapping[str, Reader] = {
    "id_number": _spoken(_id_number),
    "uscc": _spoken(_plain(parse_uscc)),
    "phone": _spoken(_plain(parse_phone)),
    "division": _division,
}
