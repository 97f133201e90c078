"""Submitting what was filled in by talking: the same operation as the form's own button."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from zhicheng.apps.assistant.operations.doing.tasks import SIGN_IN, sign_in_button
from zhicheng.apps.assistant.queries.casework import unit_name, until_words
from zhicheng.apps.assistant.values import Answer, Ask, Button, Card, Line
from zhicheng.apps.services.errors import NoDepartment, SignInFirst
from zhicheng.apps.services.public import (
    asked_of,
    decide_application,
    get_catalogue,
    needs_of,
    submit_application,
)
from zhicheng.apps.services.values import SubmitApplication
from zhicheng.core.cases.public import get_row, list_children
from zhicheng.core.forms.errors import DraftChanged
from zhicheng.core.forms.public import material_slots
from zhicheng.core.forms.values import Draft, Slot
from zhicheng.kit.errors import FieldErrors

_MOST_FAULTS, _MOST_CHOICES = 6, 8
_OPEN = frozenset({"missing", "optional"})


def submit_filled(draft: Draft, ask: Ask) -> tuple[Answer, bool]:
    """Submit a draft to which its owner said yes; whether that is done, else what is in the way."""
    command = SubmitApplication(draft.id, draft.version, ask.owner)
    try:
        applied = submit_application(command, actor=ask.actor, now=ask.now)
    except SignInFirst:
        return Answer("doing", (SIGN_IN,), options=(sign_in_button(ask.conversation),)), False
    except FieldErrors as error:
        return replace(_not_yet(draft, error), uploads=upload_choices(draft, ask)), False
    except (DraftChanged, NoDepartment) as error:
        return Answer("doing", (str(error),)), False
    _decide_now(applied.case_id, ask.now)
    return _receipt(applied.case_id), True


def open_slots(draft: Draft, ask: Ask) -> list[Slot]:
    """The materials that nobody has handed in yet, those that must be first."""
    catalogue = get_catalogue()
    needs = needs_of(asked_of(draft.subject, catalogue)[0], catalogue)
    slots = material_slots(draft, party=ask.owner.party, now=ask.now, needs=needs)
    return sorted((slot for slot in slots if slot.state in _OPEN), key=lambda slot: slot.state != "missing")


def missing_materials(draft: Draft, ask: Ask) -> list[str]:
    """The materials that still have to be handed in."""
    return [slot.type.label for slot in open_slots(draft, ask) if slot.state == "missing"]


def upload_choices(draft: Draft, ask: Ask) -> tuple[Button, ...]:
    """What can be photographed now."""
    slots = open_slots(draft, ask)[:_MOST_CHOICES]
    return tuple(Button(slot.type.label, say=slot.type.code) for slot in slots)


def _decide_now(case_id: UUID, now: datetime) -> None:
    """Decide what rules can decide while the applicant waits; the rest is the worker's."""
    cases = [case_id, *(child.id for child in list_children(case_id))]
    while sum(bool(decide_application(case, now)) for case in cases):
        pass


def _receipt(case_id: UUID) -> Answer:
    row = get_row(case_id)
    address = f"/my/services/{row.number}/"
    lines = [Line("编号", row.number), Line("办理单位", unit_name(row.unit))]
    if row.due_at is not None:
        lines.append(Line("最近时限", until_words(row.due_at)))
    card = Card("case", row.title, tuple(lines), (Button("看进度", url=address),))
    return Answer("doing", ("已经提交。凭编号随时可以问我办到哪了。",), cards=(card,))


def _not_yet(draft: Draft, error: FieldErrors) -> Answer:
    """What the form says is wrong or missing, with the way to mend it."""
    labels = {each.name: each.label for each in draft.form.fields}
    said = []
    for name, sentences in list(error.fields.items())[:_MOST_FAULTS]:
        label = labels.get(name.partition(".")[0], "")
        said += [f"{label}：{sentence}" if label and label not in sentence else sentence for sentence in sentences[:1]]
    buttons = (
        Button("上传材料", url=f"/apply/{draft.id}/materials/"),
        Button("打开表单改", url=f"/apply/{draft.id}/"),
        Button("确认提交", say="确认提交"),
    )
    return Answer("doing", ("还不能提交：", *said, "补好以后，说“确认提交”。"), options=buttons)
