"""The licence that an approval issues, in the statement of the approval itself; before, what it would say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from zhicheng.apps.licences.errors import LicenceIncomplete
from zhicheng.apps.licences.public import (
    current_type,
    get_old_licence,
    licence_parts,
    licences_from,
    masked_fields,
    prepare_licence,
    term_end,
)
from zhicheng.apps.licences.values import (
    FORM_SOURCE,
    STATE_WORDS,
    VALID_UNTIL,
    LicenceField,
    LicenceOrder,
    LicenceState,
    LicenceType,
    LineSource,
    OldLicence,
)
from zhicheng.apps.services.errors import ApplicantUnproven
from zhicheng.apps.services.models import Application
from zhicheng.apps.services.operations.founding import company_of
from zhicheng.apps.services.operations.licensing_lines import Ground, Line, fill_lines, read_lines
from zhicheng.apps.services.policy.licensing import (
    earlier_line,
    is_earlier,
    new_citizen_number,
    new_uscc,
    sources_of,
)
from zhicheng.apps.services.queries.catalogue import catalogue_of
from zhicheng.apps.services.values import LicencePlan, PlannedLine, ServiceItem
from zhicheng.core.cases.public import list_children
from zhicheng.core.cases.values import CaseRow
from zhicheng.core.forms.public import get_submission, show_values
from zhicheng.core.forms.values import Submission
from zhicheng.core.ledger.public import entry_part, event_part
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import get_unit_tree, is_proven
from zhicheng.core.parties.values import Actor
from zhicheng.kit.clock import CHINA
from zhicheng.kit.sqltext import Part

_LATER = "批准时编号"


@dataclass(frozen=True)
class _Approval:
    """An application whose approval issues a licence."""

    type: LicenceType
    item: ServiceItem
    submission: Submission
    old: OldLicence | None
    case: CaseRow
    today: date
    earlier: Mapping[str, Line]

    def ground(self, number: Callable[[str], str]) -> Ground:
        """What its lines are filled from."""
        return Ground(self.item, self.submission, self.case, self.today, self.old, number, self.earlier)

    def give_number(self, name: str) -> str:
        """A number that nobody else gets; one of an approval that fails stays unused.

        Raises:
            LicenceIncomplete: a newborn's number, without the day of birth or the sex.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('services_serial')")
            serial = int(cursor.fetchone()[0])
        if name == "@uscc":
            return new_uscc(current_pack().city_division, serial)
        if name == "@citizen_number":
            return self._citizen_number(serial)
        return f"{current_pack().number_prefix}{serial:09d}"

    def _citizen_number(self, serial: int) -> str:
        values = self.submission.values
        fields, mapping = {each.name for each in self.submission.form.fields}, self.item.licence_values
        birth, sex = (
            next((str(values[name]) for name in sources_of(line, fields, mapping) if values.get(name)), "")
            for line in ("birth", "sex")
        )
        if not (birth and sex):
            raise LicenceIncomplete(type=self.type.label, detail="没有出生日期或者性别，不能给出公民身份号码。")
        division = get_unit_tree().get(self.case.unit).division[:6]
        return new_citizen_number(division, date.fromisoformat(birth), is_male=sex == "male", serial=serial)


def licence_of(
    case: CaseRow, application: Application, given: Mapping[str, Any] | None, actor: Actor, now: datetime
) -> Callable[[str], Sequence[Part]] | None:
    """The parts that store the licence of an approved application; None where the item leads to none.

    `given` is what the officer who approves typed into lines that nothing else fills; None where nobody is there.

    Raises:
        FieldErrors: the officer left a required line open, or a value cannot be right.
        LicenceTypeUnknown, LicenceIncomplete: the pack and the application do not fit: nothing is approved.
        ApplicantUnproven: nobody has proven to be the holder: nothing is approved.
    """
    found = _approval(case, application, now)
    if found is None or found.submission.party is None:
        return None
    if not is_proven(found.submission.party):
        raise ApplicantUnproven()
    if problem := _problem(found.old):
        raise LicenceIncomplete(type=found.type.label, detail=problem)
    lines = fill_lines(found.type, found.ground(found.give_number))
    if given is not None:
        lines |= read_lines(found.type, lines, given, actor=actor, today=found.today)
    opened = company_of(found.item, found.submission, {code: line.text for code, line in lines.items()}, actor, now)
    order = LicenceOrder(
        type=found.type.code,
        party=opened.party if opened else found.submission.party,
        fields={code: line.text for code, line in lines.items() if code != VALID_UNTIL.code},
        source=f"case:{case.id}",
        valid_until=_valid_until(found, lines),
        replaces=found.old.number if found.old else "",
        sources={code: line.source for code, line in lines.items()},
    )
    draft = prepare_licence(order, actor=actor, now=now)
    return lambda gate: [
        *(opened.parts(gate) if opened else ()),
        *licence_parts([draft], gate=gate),
        entry_part("licence_entries", [draft.entry, *(opened.entries if opened else ())], "licences"),
        event_part("licence_events", [draft.event], "licences"),
    ]


def plan_licence(case: CaseRow, *, now: datetime) -> LicencePlan | None:
    """What approving a case would issue, masked, and what is left for the officer to fill in; None where nothing.

    Check first that the reader may see the case.

    Raises:
        LicenceTypeUnknown: the installed pack has no such type.
    """
    application = Application.objects.filter(pk=case.id).first()
    found = _approval(case, application, now) if application is not None else None
    if found is None:
        return None
    lines = fill_lines(found.type, found.ground(lambda _name: _LATER))
    shown = _masked(found, lines)
    planned = [_planned(each, lines.get(each.code), shown) for each in found.type.asked]
    problem = _problem(found.old) or ("" if is_proven(found.submission.party) else str(ApplicantUnproven()))
    return LicencePlan(found.type.label, planned, found.old.number if found.old else "", problem)


def _approval(case: CaseRow, application: Application, now: datetime) -> _Approval | None:
    item = catalogue_of(application.catalogue).items.get(application.item)
    if item is None or not item.licence:
        return None
    submission = get_submission(application.submission_id)
    old = _old_licence(item, submission, now)
    today = now.astimezone(CHINA).date()
    earlier = _earlier_lines(item, case, now)
    return _Approval(current_type(item.licence), item, submission, old, case, today, earlier)


def _earlier_lines(item: ServiceItem, case: CaseRow, now: datetime) -> dict[str, Line]:
    """What licences say that items of the same theme led to; read only where the item asks for it."""
    said = [name for each in item.licence_values.values() for name in ([each] if isinstance(each, str) else each)]
    if case.parent is None or not any(is_earlier(name) for name in said):
        return {}
    causes = [f"case:{child.id}" for child in list_children(case.parent) if child.id != case.id]
    return {
        earlier_line(licence.type, code): Line(text, LineSource("earlier", licence.number))
        for licence in licences_from(causes, now=now)
        for code, text in licence.values.items()
    }


def _old_licence(item: ServiceItem, submission: Submission, now: datetime) -> OldLicence | None:
    """The licence of the same type that the applicant gave as material: the new one takes its place."""
    if submission.party is None:
        return None
    given = [held.ref for held in submission.held.values() if held.provider == FORM_SOURCE]
    found = (get_old_licence(submission.party, number, now=now) for number in given)
    return next((old for old in found if old is not None and old.type == item.licence), None)


def _problem(old: OldLicence | None) -> str:
    """Why the old licence cannot be followed by a new one."""
    if old is None or old.can_be_renewed:
        return ""
    return f"原证照 {old.number} {STATE_WORDS[old.state]}，不能据此换发。"


def _valid_until(found: _Approval, lines: Mapping[str, Line]) -> date | None:
    """The last day: as given; after a renewal counted from the end of the old term; after a change that of the old."""
    if line := lines.get(VALID_UNTIL.code):
        return date.fromisoformat(line.text)
    old = found.old
    if old is None or old.valid_until is None or old.state is LicenceState.EXPIRED:
        return None
    is_renewal = found.item.code == found.type.renew_item
    return term_end(found.type, old.valid_until + timedelta(days=1)) if is_renewal else old.valid_until


def _masked(found: _Approval, lines: Mapping[str, Line]) -> dict[str, str]:
    """What the officer sees of the lines: as on the licence's own page, and as in the panel of the form."""
    shown = masked_fields(found.type, {code: line.text for code, line in lines.items()})
    answers = {each.name: each.text for each in show_values(found.submission, mask=True)}
    return {code: shown.get(code) or answers.get(line.field) or "（已遮盖）" for code, line in lines.items()}


def _planned(line: LicenceField, filled: Line | None, shown: Mapping[str, str]) -> PlannedLine:
    text = shown.get(line.code, "") if filled else ""
    return PlannedLine(
        code=line.code,
        label=line.label,
        text=filled.text if filled and line.code == VALID_UNTIL.code else text,
        source=filled.source.words if filled else "",
        type=line.type,
        required=line.required,
        choices=line.choices,
        unit=line.unit,
        help=line.help,
    )
