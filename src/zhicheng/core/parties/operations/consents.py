"""Consents: given and withdrawn, each on its own, each in the ledger."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhicheng.core.parties.errors import ConsentNotFound, NotPermitted, OutsideMandate, PurposeMissing
from zhicheng.core.parties.models import Consent, ConsentUse
from zhicheng.core.parties.operations.entries import record_act
from zhicheng.core.parties.values import Actor, NewConsent
from zhicheng.kit.ids import uuid7
from zhicheng.kit.texts import clean_text

_LONGEST = 400


def give_consent(consent: NewConsent, *, actor: Actor, now: datetime) -> UUID:
    """Agree, for oneself or the company one acts for, that a source may be asked. What is in force stays as it is.

    A consent to other words than those in force replaces it.

    Raises:
        NotPermitted: for somebody else, or without being signed in.
        OutsideMandate: the company does not let its agent apply.
        PurposeMissing: it does not say what for.
    """
    _check_mandate(actor)
    if actor.party_id is None:
        raise NotPermitted(act="同意取用个人信息，请先登录")
    purpose = clean_text(consent.purpose)[:_LONGEST]
    if not purpose:
        raise PurposeMissing()
    with transaction.atomic():
        rows = Consent.objects.select_for_update().filter(party_id=actor.party_id, source=consent.source)
        held = rows.filter(scope=consent.scope, withdrawn_at__isnull=True).first()
        if held is not None and held.purpose == purpose:
            return held.id
        if held is not None:
            _withdraw(held, actor, now)
        return _give(replace(consent, purpose=purpose), actor.party_id, actor, now)


def withdraw_consent(consent_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take one's consent back: nothing more is fetched; what was submitted with it stays.

    Raises:
        ConsentNotFound: none in force with this id that is one's own.
        OutsideMandate: the company does not let its agent apply.
    """
    _check_mandate(actor)
    with transaction.atomic():
        rows = Consent.objects.select_for_update().filter(id=consent_id, withdrawn_at__isnull=True)
        held = rows.filter(party_id=actor.party_id).first() if actor.party_id else None
        if held is None:
            raise ConsentNotFound()
        _withdraw(held, actor, now)


def note_consent_use(consent_id: UUID, words: str, *, now: datetime) -> None:
    """Write down what a consent was used for, so that its giver can see it; within the open transaction.

    The ledger's entry about the asking is the caller's.
    """
    ConsentUse.objects.create(id=uuid7(now), consent_id=consent_id, used_at=now, words=words[:_LONGEST])


def _check_mandate(actor: Actor) -> None:
    if not (actor.may("services") or actor.may("policies")):
        raise OutsideMandate(act="同意或者撤回取用企业信息")


def _give(consent: NewConsent, party: UUID, actor: Actor, now: datetime) -> UUID:
    row, created = Consent.objects.get_or_create(
        party_id=party,
        source=consent.source,
        scope=consent.scope,
        withdrawn_at=None,
        defaults={"id": uuid7(now), "purpose": consent.purpose, "given_at": now},
    )
    if created:
        _record(row, "consent.given", actor, now)
    return row.id


def _withdraw(held: Consent, actor: Actor, now: datetime) -> None:
    Consent.objects.filter(id=held.id).update(withdrawn_at=now)
    _record(held, "consent.withdrawn", actor, now)


def _record(row: Consent, action: str, actor: Actor, now: datetime) -> None:
    data = {"source": row.source, "scope": row.scope, "consent": str(row.id)}
    record_act(actor, action, f"party:{row.party_id}", now=now, reason=row.purpose, **data)
