"""Asking third parties and other agencies for their opinion: a child case with its own fifteen working days.

The applicant's clock stands still from the first question to the last answer.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhicheng.apps.disclosure.errors import ConsultationRefused
from zhicheng.apps.disclosure.queries.requests import get_request
from zhicheng.apps.disclosure.queries.units import is_answering_unit
from zhicheng.apps.disclosure.values import Consultation
from zhicheng.core.cases.public import (
    CaseDetails,
    Purpose,
    act,
    act_by_system,
    get_case,
    get_row,
    list_children,
    new_case,
    store_case,
)
from zhicheng.core.cases.values import ActCommand, CaseDraft, OpenedCase
from zhicheng.core.parties.public import draft_party, party_part
from zhicheng.core.parties.values import Actor, PartyDraft, PersonalFields
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.texts import clean_text

CHILD = "disclosure_consultation"
ASKED_PARTY, ASKED_UNIT = "disclosure.consultation", "disclosure.consultation_unit"
_NAME = "disclosure.consulting"
_OPEN = frozenset({"handling", "consulting"})


def consult(command: Consultation, *, actor: Actor, now: datetime) -> OpenedCase:
    """Ask somebody for an opinion and stop the applicant's clock.

    Raises:
        CaseNotFound: there is no such request for the actor.
        ActionForbidden: the actor does not handle it.
        ConsultationRefused: it is not in hand.
        FieldErrors: whom or what to ask is missing or cannot be right.
    """
    details = get_case(actor, command.case_id, Purpose.WORK)
    get_request(details.row.id)
    if details.row.state not in _OPEN:
        raise ConsultationRefused(state=details.state_label)
    party = _checked(command, details, now)
    draft = CaseDraft(
        process=CHILD,
        unit=command.unit or details.row.unit,
        title=f"征求公开意见：{details.row.title}",
        facts={"subject": clean_text(command.subject), "kind": "agency" if command.unit else "third_party"},
        requester=party.id if party else None,
        parent=details.row.id,
        notify={"requester": ASKED_PARTY} if party else {"unit": ASKED_UNIT},
    )
    with transaction.atomic():
        extra = [party_part("third_party", party)] if party else []
        opened = store_case(new_case(draft, actor, now), extra=extra, now=now)
        act(ActCommand(details.row.id, "consult"), actor, now)
    return opened


def end_if_answered(parent_id: UUID, now: datetime) -> bool:
    """Let the applicant's clock go on when no opinion is outstanding. Idempotent."""
    parent = get_row(parent_id)
    if parent.state != "consulting" or any(not child.final for child in list_children(parent_id)):
        return False
    act_by_system(parent_id, "end_consultation", now, name=_NAME)
    return True


def recall_all(parent_id: UUID, now: datetime) -> None:
    """Stop asking: the request was withdrawn. Idempotent."""
    for child in list_children(parent_id):
        if child.process == CHILD and not child.final:
            act_by_system(child.id, "recall", now, name=_NAME)


def _checked(command: Consultation, details: CaseDetails, now: datetime) -> PartyDraft | None:
    """The third party to be stored; None where another agency is asked."""
    errors: dict[str, list[str]] = {}
    if not 5 <= len(clean_text(command.subject)) <= 1000:
        errors["subject"] = ["请写明征求意见的信息内容（5 至 1000 个字），不要写申请人是谁"]
    if command.unit and (not is_answering_unit(command.unit) or command.unit == details.row.unit):
        errors["unit"] = ["请选择另一个行政机关"]
    if not command.unit and not clean_text(command.name):
        errors["name"] = ["请填写第三方的姓名或名称，或者选择其他机关"]
    if not command.unit and not (command.phone.strip() or command.address.strip()):
        errors["phone"] = ["请填写第三方的电话或地址"]
    party = None
    if not command.unit:
        fields = PersonalFields(name=command.name, phone=command.phone, address=command.address)
        try:
            party = draft_party(fields, now=now, kind="organisation" if command.organisation else "person")
        except FieldErrors as error:
            errors |= error.fields
    if errors:
        raise FieldErrors(errors)
    return party
