"""What stands in the lines of a licence that an approval issues, and where each line came from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhicheng.apps.licences.public import day_words, read_line
from zhicheng.apps.licences.values import VALID_UNTIL, LicenceField, LicenceType, LineSource, OldLicence
from zhicheng.apps.services.policy.licensing import KNOWN, is_earlier, is_written, sources_of
from zhicheng.apps.services.queries.departments import unit_short
from zhicheng.apps.services.values import ServiceItem
from zhicheng.core.cases.values import CaseRow
from zhicheng.core.forms.public import in_words, show_values
from zhicheng.core.forms.values import FormField, Submission
from zhicheng.core.parties.values import Actor
from zhicheng.kit.errors import FieldErrors

INPUT = "line_{code}"


@dataclass(frozen=True)
class Line:
    """The words of a line and where they are from; `field` is the form's, where one gave them."""

    text: str
    source: LineSource
    field: str = ""


@dataclass(frozen=True)
class Ground:
    """What lines are filled from. `number` gives out a number of the city, once an approval really comes about.

    `earlier` are the lines of the licences that items of the same theme led to, by their source.
    """

    item: ServiceItem
    submission: Submission
    case: CaseRow
    today: date
    old: OldLicence | None
    number: Callable[[str], str]
    earlier: Mapping[str, Line] = field(default_factory=dict)


def fill_lines(licence_type: LicenceType, ground: Ground) -> dict[str, Line]:
    """Every line that needs no person: from the form, the item, the application, or the licence that is renewed."""
    names = {field.name: field for field in ground.submission.form.fields}
    found: dict[str, Line] = {}
    for line in licence_type.asked:
        sources = sources_of(line.code, {**names, **ground.earlier}, ground.item.licence_values)
        given = (each for name in sources if (each := _from(name, line, names, ground)) is not None)
        filled = next(given, None) or _from_application(line, ground) or _from_old(line, ground.old)
        if filled is not None:
            found[line.code] = filled
    return found


def read_lines(
    licence_type: LicenceType, filled: Mapping[str, Line], given: Mapping[str, Any], *, actor: Actor, today: date
) -> dict[str, Line]:
    """The lines that an officer typed; those that are filled already cannot be typed over.

    Raises:
        FieldErrors: a required line is missing, or a value cannot be right.
    """
    source = LineSource("officer", by=actor.ref)
    found: dict[str, Line] = {}
    errors: dict[str, list[str]] = {}
    for line in licence_type.asked:
        if line.code in filled:
            continue
        name = INPUT.format(code=line.code)
        try:
            text = read_line(line, str(given.get(name) or ""), today=today)
        except ValueError as error:
            errors[name] = [str(error)]
            continue
        if text:
            found[line.code] = Line(text, source)
    if errors:
        raise FieldErrors(errors)
    return found


def _from(name: str, line: LicenceField, names: Mapping[str, FormField], ground: Ground) -> Line | None:
    """What one source says; None where it says nothing."""
    if is_written(name):
        return Line(name[1:], LineSource("rule", ground.item.label))
    if is_earlier(name):
        return ground.earlier[name]
    if name.startswith("@"):
        return _special(name, ground)
    value = ground.submission.values.get(name)
    if value in (None, "", []):
        return None
    asked = names[name]
    text = str(value) if line.code == VALID_UNTIL.code and asked.widget == "date" else _words(asked, ground)
    text = f"{text} {line.unit}" if line.unit and text.replace(".", "", 1).isdecimal() else text
    return Line(text, LineSource("form", asked.label), name)


def _words(asked: FormField, ground: Ground) -> str:
    """A value in words; of a division its name."""
    if asked.widget == "division":
        shown = show_values(ground.submission, names=[asked.name], mask=False)
        return shown[0].text if shown else ""
    return in_words(asked, ground.submission.values[asked.name])


def _special(name: str, ground: Ground) -> Line | None:
    known = {
        "@date": (day_words(ground.today), "批准日期"),
        "@unit": (unit_short(ground.case.unit), "批准单位"),
        "@item": (ground.item.label, "申请事项"),
        "@case_number": (ground.case.number, "申请编号"),
        "@rule": (_law(ground.item), "办理依据"),
    }
    if name in known:
        text, label = known[name]
        return Line(text, LineSource("case", label))
    return Line(ground.number(name), LineSource("case", "系统编号"))


def _from_application(line: LicenceField, ground: Ground) -> Line | None:
    """Lines that every application knows by their name, unless the item says otherwise."""
    if not line.required or line.code not in KNOWN:
        return None
    same = {"station": "@unit", "reason": "@item"}
    return _special(same.get(line.code, f"@{line.code}"), ground)


def _from_old(line: LicenceField, old: OldLicence | None) -> Line | None:
    text = old.values.get(line.code, "") if old is not None else ""
    return Line(text, LineSource("licence", old.number)) if old is not None and text else None


def _law(item: ServiceItem) -> str:
    return f"《{item.legal_basis[0].title}》{item.legal_basis[0].clause}" if item.legal_basis else item.label
