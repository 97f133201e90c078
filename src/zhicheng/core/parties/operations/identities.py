"""Proving who somebody is: by the provider in use, or said by the system; ended by the person. All in the ledger."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from zhicheng.core.parties.base import ProofAnswer, ProofOutcome
from zhicheng.core.parties.crypto import keyring
from zhicheng.core.parties.errors import (
    IdentityFixed,
    IdentityNotMatching,
    IdentityTaken,
    IdentityUnavailable,
    NotPermitted,
    PartyNotFound,
)
from zhicheng.core.parties.gate import FIELDS, check_fields, encrypt_fields
from zhicheng.core.parties.models import IdentityProof, Party
from zhicheng.core.parties.operations.entries import record_act
from zhicheng.core.parties.operations.throttle import charge_address
from zhicheng.core.parties.policy.signin import PROOFS_PER_ADDRESS, PROOFS_PER_PERSON
from zhicheng.core.parties.queries.parties import open_fields
from zhicheng.core.parties.registry import identity_provers
from zhicheng.core.parties.values import Actor, ActorKind, PersonalFields
from zhicheng.core.parties.values.identities import IdentityClaim
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.ids import uuid7

_MISSING = {"name": "请填写姓名，和身份证上的一样。", "id_number": "请填写身份证号码。"}


def prove_identity(claim: IdentityClaim, *, actor: Actor, address: str, now: datetime) -> None:
    """Prove who the signed-in resident is; their party has the proven name and number from then on.

    Raises:
        NotPermitted: no resident is signed in.
        FieldErrors: name or number is missing or cannot be right.
        TooManyAttempts: this account, number or network address tried too often.
        IdentityNotMatching, IdentityUnavailable: what the provider says.
        IdentityTaken: another account is proven to be this person.
        IdentityFixed: the account is proven to be somebody else.
    """
    party_id = _own_party(actor)
    checked = _checked(claim, now)
    number_hash = keyring().digest("id_number", checked["id_number"])
    for act, who, limit in (
        ("identity", str(party_id), PROOFS_PER_PERSON),
        ("identity-number", number_hash.hex(), PROOFS_PER_PERSON),
        ("identity-address", address, PROOFS_PER_ADDRESS),
    ):
        charge_address(act, who, limit=limit, now=now)
    code = getattr(settings, "IDENTITY_PROVER", "demo")
    asked = IdentityClaim(checked["name"], checked["id_number"], claim.token)
    answer = identity_provers[code].prove(asked, now=now)
    if answer.outcome is not ProofOutcome.PROVEN:
        _refuse(party_id, code, answer, actor, now)
    try:
        with transaction.atomic():
            party = _locked(party_id)
            held = IdentityProof.objects.filter(party_id=party_id, ended_at__isnull=True).first()
            if held is not None and bytes(held.number_hash) != number_hash:
                raise IdentityFixed()
            _write(party, checked)
            keep_proof(party, (code, answer.level or "basic"), actor, now)
    except IntegrityError:
        raise IdentityTaken() from None


def record_proof(party_id: UUID, provider: str, level: str, *, actor: Actor, now: datetime) -> None:
    """Take down a proof that was made elsewhere (at a window, by a register) of the number that a party has.

    Whoever was proven by this number before is not any more.

    Raises:
        NotPermitted: only the system does this.
        PartyNotFound: there is none, or it has no number.
    """
    if actor.kind is not ActorKind.SYSTEM:
        raise NotPermitted(act="登记实名核验结果")
    with transaction.atomic():
        party = _locked(party_id)
        if party.id_number_hash is None:
            raise PartyNotFound(party_id=party_id)
        _end_others(party, actor, now)
        keep_proof(party, (provider, level), actor, now)


def take_number(party_id: UUID, fields: dict[str, str], *, actor: Actor, now: datetime) -> Party:
    """Write a name and number that somebody saw, and end the proof of whoever had the number. For this package only.

    Raises:
        PartyNotFound: there is none.
    """
    party = _locked(party_id)
    _write(party, fields)
    _end_others(party, actor, now)
    return party


def release_identity(*, actor: Actor, now: datetime) -> None:
    """End one's own proof and forget the number, so that another account can be proven with it.

    Raises:
        NotPermitted: no resident is signed in.
    """
    party_id = _own_party(actor)
    with transaction.atomic():
        party = _locked(party_id)
        if end_proof(party_id, actor=actor, now=now):
            _write(party, {"id_number": ""})


def end_proof(party_id: UUID, *, actor: Actor, now: datetime) -> bool:
    """End the proof in force of a party, within the open transaction; whether there was one. For this package only."""
    ended = IdentityProof.objects.filter(party_id=party_id, ended_at__isnull=True).update(ended_at=now)
    if ended:
        record_act(actor, "identity.ended", f"party:{party_id}", now=now)
    return bool(ended)


def _own_party(actor: Actor) -> UUID:
    if actor.kind is not ActorKind.RESIDENT or actor.party_id is None or actor.mandate is not None:
        raise NotPermitted(act="实名认证，请用手机号登录后办理")
    return actor.party_id


def _checked(claim: IdentityClaim, now: datetime) -> dict[str, str]:
    given = {"name": claim.name.strip(), "id_number": claim.id_number.strip()}
    missing = {field: [words] for field, words in _MISSING.items() if not given[field]}
    if missing:
        raise FieldErrors(missing)
    return check_fields(PersonalFields(**given), kind="person", now=now)


def _refuse(party_id: UUID, provider: str, answer: ProofAnswer, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        data = {"provider": provider, "outcome": answer.outcome.value}
        record_act(actor, "identity.refused", f"party:{party_id}", now=now, **data)
    raise IdentityNotMatching() if answer.outcome is ProofOutcome.NOT_MATCHING else IdentityUnavailable()


def _locked(party_id: UUID) -> Party:
    party = Party.objects.select_for_update().filter(id=party_id, erased_at__isnull=True).first()
    if party is None:
        raise PartyNotFound(party_id=party_id)
    return party


def _write(party: Party, fields: dict[str, str]) -> None:
    sealed = {f"{field}_sealed": getattr(party, f"{field}_sealed") for field in FIELDS}
    columns = encrypt_fields({**open_fields({"id": party.id, **sealed}, FIELDS), **fields}, row=party.id)
    Party.objects.filter(id=party.id).update(**columns)
    party.id_number_hash = columns["id_number_hash"]


def _end_others(party: Party, actor: Actor, now: datetime) -> None:
    others = IdentityProof.objects.filter(number_hash=party.id_number_hash, ended_at__isnull=True)
    for other in others.exclude(party_id=party.id):
        end_proof(other.party_id, actor=actor, now=now)


def keep_proof(party: Party, by: tuple[str, str], actor: Actor, now: datetime, **said: Any) -> None:
    """Keep a proof by a provider at a level, within the open transaction, and record it. For this package only."""
    provider, level = by
    IdentityProof.objects.filter(party_id=party.id, ended_at__isnull=True).update(ended_at=now)
    IdentityProof.objects.create(
        id=uuid7(now),
        party_id=party.id,
        number_hash=party.id_number_hash,
        provider=provider,
        level=level,
        proven_at=now,
    )
    record_act(actor, "identity.proven", f"party:{party.id}", now=now, provider=provider, level=level, **said)
