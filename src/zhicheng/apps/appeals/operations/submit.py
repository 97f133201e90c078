"""Submitting an appeal: understood, routed and stored in one statement; acknowledged only when it is safe."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from zhicheng.apps.appeals.policy import Directory
from zhicheng.apps.appeals.policy.dispatch import URGENT_LIMIT
from zhicheng.apps.appeals.policy.wording import other_faults, text_faults
from zhicheng.apps.appeals.queries.directory import get_directory
from zhicheng.apps.appeals.queries.understanding import candidates_of, locate, route
from zhicheng.apps.appeals.values import AppealDraft, Candidate, Routing, Submitted
from zhicheng.core.cases.public import (
    NewCase,
    attachment_part,
    bind_drafts_part,
    earlier_case,
    extra_gate,
    follow_code,
    lock_drafts,
    new_case,
    store_case,
)
from zhicheng.core.cases.values import CaseDraft, OpenedCase
from zhicheng.core.knowledge.public import mask_personal
from zhicheng.core.ledger.values import IdempotencyKey
from zhicheng.core.parties.public import draft_party, party_part
from zhicheng.core.parties.values import Actor, ActorKind, PartyDraft, PersonalFields
from zhicheng.core.places.public import CoordinatesSwapped, InvalidCoordinates, PointOutsideCity
from zhicheng.core.places.values import Location
from zhicheng.kit.clock import CHINA
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.sqltext import Part, insert_rows
from zhicheng.kit.texts import clean_text

PROCESS = "appeal"
SUBMITTED, ASSIGNED, TO_DISPATCH = "appeal.submitted", "appeal.assigned", "appeal.to_dispatch"
MOST_PHOTOS = 6
CHANNELS = frozenset({"web", "app", "phone", "street", "api", "simulator"})


@dataclass(frozen=True)
class _Decided:
    """Everything known before the write."""

    draft: AppealDraft
    location: Location | None
    candidates: tuple[Candidate, ...]
    model: str
    routing: Routing
    party: PartyDraft | None


def submit_appeal(draft: AppealDraft, *, actor: Actor, now: datetime, key: IdempotencyKey | None = None) -> Submitted:
    """Take an appeal in, once per key: classify, locate, dispatch, store.

    Raises:
        FieldErrors: something typed cannot be right; each field has its sentence and nothing is stored.
        IdempotencyKeyReused: the key came before with another body.
    """
    decided = _decide(draft, actor, now)
    directory = get_directory()
    case = new_case(_case_draft(decided, actor), actor, now)
    store = partial(store_case, case, extra=_extra(decided, case, actor, now, extra_gate(key)), key=key, now=now)
    opened = _store_with_uploads(store, draft.uploads, actor, now, key) if draft.uploads else store()
    return _submitted(opened, decided, directory)


def _store_with_uploads(
    store: Callable[[], OpenedCase], uploads: Sequence[UUID], actor: Actor, now: datetime, key: IdempotencyKey | None
) -> OpenedCase:
    """Store only if every upload that the draft names can be attached; a repeat finds them attached already."""
    try:
        with transaction.atomic():
            lock_drafts(uploads, actor=actor, now=now)
            return store()
    except FieldErrors:
        earlier = earlier_case(key, now)
        if earlier is None:
            raise
        return earlier


def check_draft(draft: AppealDraft, *, actor: Actor, now: datetime) -> AppealDraft:
    """The draft with cleaned texts; everything that is wrong is said at once.

    Raises:
        FieldErrors: something cannot be right.
    """
    return _checked(draft, actor, now)[0]


def _checked(draft: AppealDraft, actor: Actor, now: datetime) -> tuple[AppealDraft, Location | None, PartyDraft | None]:
    cleaned = replace(
        draft, text=clean_text(draft.text), address=clean_text(draft.address), name=clean_text(draft.name)
    )
    errors: dict[str, list[str]] = {}
    for field, sentence in (*_wording_faults(draft, cleaned), *_faults(cleaned, now)):
        errors.setdefault(field, []).append(sentence)
    location, party = None, None
    try:
        location = locate(cleaned)
    except (CoordinatesSwapped, InvalidCoordinates, PointOutsideCity) as error:
        errors.setdefault("place", []).append(str(error))
    try:
        party = _party(cleaned, actor, now)
    except FieldErrors as error:
        errors |= error.fields
    if errors:
        raise FieldErrors(errors)
    return cleaned, location, party


def _faults(draft: AppealDraft, now: datetime) -> Iterator[tuple[str, str]]:
    if len(draft.address) > 200:
        yield "address", "地点请控制在 200 个字以内"
    if draft.occurred_date is not None and draft.occurred_date > now.astimezone(CHINA).date():
        yield "occurred_date", "发生日期不能晚于今天"
    if len(draft.photos) + len(draft.uploads) > MOST_PHOTOS:
        yield "photos", f"照片最多 {MOST_PHOTOS} 张"
    if draft.channel not in CHANNELS:
        yield "channel", f"渠道只能是 {'、'.join(sorted(CHANNELS))}"
    if (draft.longitude is None) != (draft.latitude is None):
        yield "place", "经度和纬度要一起填写"


def _wording_faults(given: AppealDraft, cleaned: AppealDraft) -> Iterator[tuple[str, str]]:
    """Of what was typed, before cleaning took away what shows that it was read in a wrong encoding."""
    yield from (("text", sentence) for sentence in text_faults(given.text, cleaned.text))
    yield from (("address", sentence) for sentence in other_faults(given.address))
    yield from (("name", sentence) for sentence in other_faults(given.name))


def _decide(draft: AppealDraft, actor: Actor, now: datetime) -> _Decided:
    draft, location, party = _checked(draft, actor, now)
    candidates, model = candidates_of(draft.text)
    routing = route(candidates, location, confirmed_item=draft.confirmed_item)
    if draft.urgent and not routing.urgent:
        routing = replace(
            routing, urgent=True, limit=dict(URGENT_LIMIT), reasons=[*routing.reasons, "工作人员标为紧急"]
        )
    return _Decided(draft, location, candidates, model, routing, party)


def _party(draft: AppealDraft, actor: Actor, now: datetime) -> PartyDraft | None:
    if draft.anonymous or actor.kind is ActorKind.RESIDENT:
        return None  # a signed-in resident is known already: the appeal is among their own
    if not draft.phone and not draft.name:
        return None
    return draft_party(PersonalFields(name=draft.name, phone=draft.phone), now=now)


def _case_draft(decided: _Decided, actor: Actor) -> CaseDraft:
    routing, draft = decided.routing, decided.draft
    facts = {"urgent": routing.urgent, "limit": dict(routing.limit), "item": routing.item, "lead": routing.unit}
    if draft.urgent:
        facts["danger"] = True  # said by a person: dispatching to another item does not take it back
    assigned = {"unit": ASSIGNED if routing.state else TO_DISPATCH}
    return CaseDraft(
        process=PROCESS,
        unit=routing.unit,
        title=_title(draft.text),
        state=routing.state,
        facts=facts,
        category=routing.item,
        urgent=routing.urgent,
        location=decided.location,
        requester=_requester(decided, actor),
        creator=actor.account_id if actor.kind in {ActorKind.OFFICIAL, ActorKind.SERVICE} else None,
        rule=decided.model,
        notify={"requester": SUBMITTED, **assigned},
    )


def _requester(decided: _Decided, actor: Actor) -> UUID | None:
    if decided.party is not None:
        return decided.party.id
    return actor.party_id if actor.kind is ActorKind.RESIDENT and not decided.draft.anonymous else None


def _title(text: str) -> str:
    """The first sentence, personal data masked: lists and notices show it."""
    line = mask_personal(text).replace("\n", " ")
    for mark in "。！？；!?;":
        line = line.partition(mark)[0]
    return line[:60] or mask_personal(text)[:60]


def _extra(decided: _Decided, case: NewCase, actor: Actor, now: datetime, gate: str) -> list[Part]:
    parts = [insert_rows("appeal", "appeals_appeal", [_row(decided, case.id)], gate=gate)]
    if decided.party is not None:
        parts.append(party_part("party", decided.party, gate))
    if decided.draft.uploads:
        parts.append(bind_drafts_part(decided.draft.uploads, case.id, gate=gate))
    if decided.draft.photos:
        parts.append(attachment_part(list(decided.draft.photos), case.id, actor=actor, now=now, gate=gate))
    return parts


def _row(decided: _Decided, case_id: UUID) -> Mapping[str, Any]:
    draft = decided.draft
    return {
        "case_id": case_id,
        "channel": draft.channel,
        "text": draft.text,
        "address": draft.address,
        "occurred_date": draft.occurred_date,
        "anonymous": draft.anonymous,
        "candidates": [[candidate.code, candidate.probability] for candidate in decided.candidates],
        "model": decided.model,
        "reasons": list(decided.routing.reasons),
    }


def _submitted(opened: OpenedCase, decided: _Decided, directory: Directory) -> Submitted:
    item = decided.routing.item
    return Submitted(
        case_id=opened.id,
        number=opened.number,
        follow_code=follow_code(opened.number),
        unit=opened.unit,
        unit_name=directory.tree.get(opened.unit).name if opened.unit in directory.tree else opened.unit,
        state=opened.state,
        item_label=directory.taxonomy.label(item) if item else "",
        due_at=opened.due_at,
        replayed=opened.replayed,
    )
