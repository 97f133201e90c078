"""Filling in what is known already: only with consent, on record, and never in the way of the form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from zhicheng.core.forms.base import PrefillSource
from zhicheng.core.forms.errors import ConsentMissing, FormUnknown
from zhicheng.core.forms.gate.deadline import BUSY, LATE, Outcome, call_all, outcome_of
from zhicheng.core.forms.gate.readers import read_form
from zhicheng.core.forms.gate.sealing import draft_value
from zhicheng.core.forms.operations.drafts import lock_draft, store_draft
from zhicheng.core.forms.queries.documents import list_documents
from zhicheng.core.forms.queries.drafts import get_draft
from zhicheng.core.forms.queries.materials import material_types
from zhicheng.core.forms.queries.sources import consent_scope, consent_text, wanted_fields
from zhicheng.core.forms.registry import prefill_sources
from zhicheng.core.forms.values import (
    Draft,
    FormField,
    HeldMaterial,
    Owner,
    PrefillAsk,
    PrefillReport,
    SourceAnswer,
    ValueSource,
)
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.core.parties.public import consents_in_force, give_consent, note_consent_use
from zhicheng.core.parties.values import Actor, NewConsent
from zhicheng.kit.ids import uuid7

_SIGN_IN = "请先登录，才能取用“{label}”的信息；也可以自己填写。"
_WORDS: Mapping[str, str] = {
    LATE: "{label}没有及时答复，请自己填写，或者稍后再试。",
    BUSY: "{label}现在很忙，请自己填写，或者稍后再试。",
}
_FAILED = "{label}现在取不到，请自己填写，或者稍后再试。"


@dataclass(frozen=True)
class _Offer:
    """A value that a source or document has for a field."""

    value: Any
    source: ValueSource


def agree_to_source(draft: Draft, source: str, *, actor: Actor, now: datetime) -> UUID:
    """Agree, for oneself and this draft, that one source is asked; the consent's id.

    Raises:
        FormUnknown: the form names no such source.
        NotPermitted: without being signed in.
    """
    if source not in prefill_sources or not wanted_fields(draft.form, source):
        raise FormUnknown()
    text = consent_text(prefill_sources[source], draft.form)
    return give_consent(NewConsent(source, text, consent_scope(draft.id)), actor=actor, now=now)


def prefill_draft(ask: PrefillAsk, *, owner: Owner, now: datetime) -> PrefillReport:
    """Ask the sources, all at once, and fill in what is still empty or was prefilled before.

    A source that is not agreed to, fails, or does not answer in time says so in its answer; nothing is raised for it.
    What the person typed stays. Each asked source is an entry in the ledger.

    Raises:
        DraftNotFound: none with this id that is this owner's and has not expired.
        DraftChanged: it was saved elsewhere meanwhile.
    """
    draft = get_draft(ask.draft, owner=owner, now=now)
    agreed = consents_in_force(owner.party, ask.sources, scope=consent_scope(draft.id)) if owner.party else {}
    sources = {code: prefill_sources[code] for code in ask.sources if code in prefill_sources}
    outcomes = _ask_all(draft, [source for source in sources.values() if source.code in agreed], owner, ask, now)
    with transaction.atomic():
        row = lock_draft(ask.draft, ask.version, owner=owner, now=now)
        offers = _offers(draft, sources, outcomes, now)
        filled, used = _fill(draft_value(row), offers, now)
        for code, outcome in outcomes.items():
            _record(draft, sources[code], outcome, agreed[code], (ask.actor, now))
        stored = store_draft(row, filled, now) if used else filled
    answers = [_answer(source, outcomes.get(code), used, owner) for code, source in sources.items()]
    return PrefillReport(stored, tuple(answers))


def fill_from_documents(draft_id: UUID, version: int, *, owner: Owner, now: datetime) -> Draft:
    """Fill in what is still empty from the materials that have been read; each value says from which.

    Raises:
        DraftNotFound: none with this id that is this owner's and has not expired.
        DraftChanged: it was saved elsewhere meanwhile.
    """
    with transaction.atomic():
        row = lock_draft(draft_id, version, owner=owner, now=now)
        draft = draft_value(row)
        filled, used = _fill(draft, _read_offers(draft, now), now)
        return store_draft(row, filled, now) if used else draft


def fill_given(
    draft: Draft,
    offers: Mapping[str, Sequence[tuple[Any, ValueSource]]],
    held: Iterable[HeldMaterial],
    *,
    owner: Owner,
    now: datetime,
) -> Draft:
    """Fill in what an app knows itself, such as the licence to be renewed; what a person typed stays.

    The first offer that the field can take counts. The app answers for the sources and for what it says is held.

    Raises:
        DraftNotFound: none with this id that is this owner's and has not expired.
        DraftChanged: it was saved elsewhere meanwhile.
    """
    fields = {each.name: each for each in draft.form.fields}
    given = {
        name: [_Offer(_as_answer(fields[name], value), source) for value, source in each]
        for name, each in offers.items()
        if name in fields
    }
    with transaction.atomic():
        row = lock_draft(draft.id, draft.version, owner=owner, now=now)
        filled, _ = _fill(draft_value(row), given, now)
        return store_draft(row, replace(filled, held={**filled.held, **{one.material: one for one in held}}), now)


def _read_offers(draft: Draft, now: datetime) -> dict[str, list[_Offer]]:
    types = material_types()
    readings = {one.material: one.reading.fields for one in list_documents(draft=draft.id) if one.reading is not None}
    offers: dict[str, list[_Offer]] = {}
    for each in draft.form.fields:
        for link in each.documents:
            value = readings.get(link.material, {}).get(link.field)
            if value:
                label = types[link.material].label if link.material in types else link.material
                source = ValueSource("read", label=label, ref=link.material, at=now.isoformat())
                offers.setdefault(each.name, []).append(_Offer(_as_answer(each, value), source))
    return offers


def _ask_all(
    draft: Draft, sources: Iterable[PrefillSource], owner: Owner, ask: PrefillAsk, now: datetime
) -> dict[str, Outcome]:
    if owner.party is None:
        return {}
    calls = {
        source.code: partial(
            source.fetch, owner.party, tuple(wanted_fields(draft.form, source.code)), now, ask.timeout_s
        )
        for source in sources
    }
    local = {code for code in calls if prefill_sources[code].local}
    outcomes = call_all({code: call for code, call in calls.items() if code not in local}, ask.timeout_s)
    return outcomes | {code: outcome_of(code, calls[code]) for code in local}


def _offers(
    draft: Draft, sources: Mapping[str, PrefillSource], outcomes: Mapping[str, Outcome], now: datetime
) -> dict[str, list[_Offer]]:
    offers: dict[str, list[_Offer]] = {}
    for each in draft.form.fields:
        for link in each.prefill:
            value = outcomes[link.source].values.get(link.field) if link.source in outcomes else None
            if value is not None and value != "":
                source = ValueSource("prefilled", sources[link.source].label, link.source, now.isoformat())
                offers.setdefault(each.name, []).append(_Offer(value, source))
    return offers


def _fill(draft: Draft, offers: Mapping[str, list[_Offer]], now: datetime) -> tuple[Draft, dict[str, ValueSource]]:
    """The draft with the first readable offer in every field that no person has answered; what was used."""
    values, used = dict(draft.values), {}
    for name, offered in offers.items():
        held = draft.sources.get(name)
        if name in values and (held is None or held.kind == "person"):
            continue
        for offer in offered:
            found = read_form(draft.form, {name: offer.value}, now)
            if name in found.values and not found.errors:
                values[name], used[name] = found.values[name], offer.source
                break
    complete = read_form(draft.form, values, now).values
    sources = {**draft.sources, **used}
    for each in draft.form.fields:
        if each.computed is not None and each.name in complete:
            sources[each.name] = ValueSource("computed", at=now.isoformat())
    return replace(draft, values=complete, sources=sources), used


def _answer(
    source: PrefillSource, outcome: Outcome | None, used: Mapping[str, ValueSource], owner: Owner
) -> SourceAnswer:
    if outcome is None:
        missing = str(ConsentMissing(label=source.label)) if owner.party else _SIGN_IN.format(label=source.label)
        return SourceAnswer(source.code, source.label, failure=missing)
    if outcome.problem:
        sentence = outcome.reason or _WORDS.get(outcome.problem, _FAILED).format(label=source.label)
        return SourceAnswer(source.code, source.label, failure=sentence)
    filled = tuple(name for name, origin in used.items() if origin.ref == source.code)
    return SourceAnswer(source.code, source.label, filled=filled)


def _record(draft: Draft, source: PrefillSource, outcome: Outcome, consent: UUID, by: tuple[Actor, datetime]) -> None:
    """Who asked which source for which fields, under which consent, and whether it answered: no value."""
    actor, now = by
    data = {
        "source": source.code,
        "fields": list(wanted_fields(draft.form, source.code)),
        "consent": str(consent),
        "outcome": outcome.problem or "answered",
    }
    record(Entry(uuid7(now), now, actor.ref, "form.prefilled", f"form_draft:{draft.id}", data=data))
    fields = "、".join(wanted_fields(draft.form, source.code).values())
    came = "没有取到" if outcome.problem else "取到了"
    note_consent_use(consent, f"填写《{draft.form.label}》时取用{fields}（{came}）", now=now)


def _as_answer(each: FormField, read: Any) -> Any:
    """What a document says, as the field's answer: a choice by its label."""
    if each.widget != "choice":
        return read
    return next((option.value for option in each.options if read in (option.label, option.value)), read)
