"""Submitting a request for disclosure: checked, its unit found, stored whole in one statement."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from zhicheng.apps.disclosure.queries.terms import get_terms
from zhicheng.apps.disclosure.queries.units import fallback_unit, find_units, is_answering_unit
from zhicheng.apps.disclosure.values import APPLICANTS, DELIVERIES, SUPPLIES, DisclosureDraft, SubmittedDisclosure
from zhicheng.core.cases.public import NewCase, attachment_part, extra_gate, follow_code, new_case, store_case
from zhicheng.core.cases.values import CaseDraft
from zhicheng.core.knowledge.public import mask_personal
from zhicheng.core.ledger.values import IdempotencyKey
from zhicheng.core.parties.public import draft_party, get_unit_tree, party_part
from zhicheng.core.parties.values import Actor, ActorKind, PartyDraft, PersonalFields
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.sqltext import Part, insert_rows
from zhicheng.kit.texts import clean_text

PROCESS = "disclosure"
SUBMITTED, ASSIGNED = "disclosure.submitted", "disclosure.assigned"
MOST_FILES = 6
LONGEST_DESCRIPTION = 3000
_UNREADABLE = "\ufffd"
_TEXTS = ("title", "description", "document_number", "name", "id_number", "phone", "email", "address")
_LENGTHS = {
    "title": (2, 120, "信息名称"),
    "description": (10, LONGEST_DESCRIPTION, "内容描述"),
    "name": (2, 60, "姓名或名称"),
}
ORGANISATIONS = frozenset(APPLICANTS) - {"person"}
_CHOICES = {"applicant": APPLICANTS, "supply": SUPPLIES, "delivery": DELIVERIES}


@dataclass(frozen=True)
class _Decided:
    """Everything known before the write."""

    draft: DisclosureDraft
    unit: str
    party: PartyDraft


def submit_request(
    draft: DisclosureDraft, *, actor: Actor, now: datetime, key: IdempotencyKey | None = None
) -> SubmittedDisclosure:
    """Take a request in, once per key.

    Raises:
        DisclosureNotOffered: this city takes none.
        FieldErrors: something is missing or cannot be right; each field has its sentence and nothing is stored.
        IdempotencyKeyReused: the key came before with another body.
    """
    get_terms()
    decided = _decide(draft, actor, now)
    case = new_case(_case_draft(decided, actor), actor, now)
    opened = store_case(case, extra=_extra(decided, case, actor, now, extra_gate(key)), key=key, now=now)
    tree = get_unit_tree()
    return SubmittedDisclosure(
        case_id=opened.id,
        number=opened.number,
        follow_code=follow_code(opened.number),
        unit=opened.unit,
        unit_name=tree.get(opened.unit).name if opened.unit in tree else opened.unit,
        chosen=bool(decided.draft.unit),
        replayed=opened.replayed,
    )


def check_request(draft: DisclosureDraft, *, actor: Actor, now: datetime) -> None:
    """Whether a request could be submitted as it stands.

    Raises:
        DisclosureNotOffered, FieldErrors: as `submit_request`.
    """
    get_terms()
    _decide(draft, actor, now)


def _decide(draft: DisclosureDraft, actor: Actor, now: datetime) -> _Decided:
    texts: dict[str, Any] = {name: clean_text(getattr(draft, name)) for name in _TEXTS}
    cleaned = replace(draft, **texts)
    errors: dict[str, list[str]] = {}
    for field, sentence in _faults(cleaned, actor):
        errors.setdefault(field, []).append(sentence)
    party = None
    try:
        party = _party(cleaned, now)
    except FieldErrors as error:
        errors |= error.fields
    if errors or party is None:
        raise FieldErrors(errors)
    return _Decided(cleaned, cleaned.unit or _found_unit(cleaned), party)


def _found_unit(draft: DisclosureDraft) -> str:
    found = find_units(f"{draft.title} {draft.description}", limit=1)
    return found[0].code if found else fallback_unit()


def _faults(draft: DisclosureDraft, actor: Actor) -> Iterator[tuple[str, str]]:
    for field, (least, most, label) in _LENGTHS.items():
        text = getattr(draft, field)
        if len(text) < least:
            yield field, f"请填写{label}（至少 {least} 个字）" if text else f"请填写{label}"
        elif len(text) > most:
            yield field, f"{label}请控制在 {most} 个字以内，现在是 {len(text)} 个"
    yield from _choice_faults(draft)
    yield from _identity_faults(draft, actor)
    for field in _TEXTS:
        if _UNREADABLE in getattr(draft, field):
            yield field, "这里有读不出来的字（不是 UTF-8 编码），请重新输入"
    if len(draft.document_number) > 60:
        yield "document_number", "文号请控制在 60 个字以内"
    if len(draft.files) > MOST_FILES:
        yield "files", f"附件最多 {MOST_FILES} 个"


def _choice_faults(draft: DisclosureDraft) -> Iterator[tuple[str, str]]:
    for field, choices in _CHOICES.items():
        if getattr(draft, field) not in choices:
            yield field, "请从列出的选项里选择"
    if draft.unit and not is_answering_unit(draft.unit):
        yield "unit", "没有这个受理机关，请从列表里选择，或者选“不确定”"
    if draft.delivery == "email" and not draft.email:
        yield "email", "选择电子邮件获取的，请填写邮箱"
    if draft.delivery == "post" and not draft.address:
        yield "address", "选择邮寄的，请填写地址"


def _identity_faults(draft: DisclosureDraft, actor: Actor) -> Iterator[tuple[str, str]]:
    """Name, proof of identity and contact are asked by article 29; a telephone counts once it is verified."""
    if not draft.id_number:
        yield "id_number", "请填写身份证号码" if draft.applicant == "person" else "请填写统一社会信用代码"
    if actor.kind is ActorKind.RESIDENT:
        return
    if not draft.phone:
        yield "phone", "请填写手机号码，用于接收答复"
    elif not draft.phone_verified:
        yield "code", "请填写手机验证码，先核验手机号码"


def _party(draft: DisclosureDraft, now: datetime) -> PartyDraft:
    fields = PersonalFields(
        name=draft.name, phone=draft.phone, id_number=draft.id_number, email=draft.email, address=draft.address
    )
    return draft_party(fields, now=now, kind="organisation" if draft.applicant in ORGANISATIONS else "person")


def _case_draft(decided: _Decided, actor: Actor) -> CaseDraft:
    draft = decided.draft
    return CaseDraft(
        process=PROCESS,
        unit=decided.unit,
        title=mask_personal(draft.title)[:120],
        facts={} if draft.unit else {"unit_open": True},
        requester=actor.party_id if actor.kind is ActorKind.RESIDENT else decided.party.id,
        notify={"requester": SUBMITTED, "unit": ASSIGNED},
    )


def _extra(decided: _Decided, case: NewCase, actor: Actor, now: datetime, gate: str) -> list[Part]:
    parts = [
        party_part("applicant", decided.party, gate),
        insert_rows("request", "disclosure_disclosurerequest", [_row(decided, case.id, now)], gate=gate),
    ]
    if decided.draft.files:
        parts.append(attachment_part(list(decided.draft.files), case.id, actor=actor, now=now, gate=gate))
    return parts


def _row(decided: _Decided, case_id: UUID, now: datetime) -> dict[str, Any]:
    draft = decided.draft
    kept = ("applicant", "title", "description", "document_number", "supply", "delivery", "channel")
    return {
        "case_id": case_id,
        "party_id": decided.party.id,
        **{name: getattr(draft, name) for name in kept},
        "unit_chosen": bool(draft.unit),
        "unit_code": decided.unit,
        "received_at": now,
        "decision": "",
        "ground": "",
    }
