"""Proving who somebody is at a window: an officer compares face and document, and answers for it in the ledger."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Event
from zhicheng.core.parties.crypto import keyring
from zhicheng.core.parties.errors import IdentityFixed, InvalidIdentifier, NotPermitted
from zhicheng.core.parties.gate import check_fields
from zhicheng.core.parties.models import Account, IdentityProof
from zhicheng.core.parties.operations.identities import keep_proof, take_number
from zhicheng.core.parties.operations.throttle import charge_address
from zhicheng.core.parties.policy.phones import parse_mobile
from zhicheng.core.parties.policy.signin import PROOFS_PER_OFFICER
from zhicheng.core.parties.values import Actor, ActorKind, PersonalFields
from zhicheng.core.parties.values.identities import DOCUMENTS, WINDOW_REASONS, WindowProof
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.ids import uuid7

PERMISSION = "parties.prove"
_MISSING = {
    "phone": "请填写本人登录用的手机号。",
    "name": "请按证件填写姓名。",
    "id_number": "请按证件填写号码。",
    "document": "请选择核对的证件。",
    "reason": "请选择在窗口核验的原因。",
    "seen": "请当面核对后勾选；本人不在场的不能登记。",
}
_NO_ACCOUNT = "这个手机号还没有登录过。请本人先用它登录一次，再登记。"


def prove_at_window(proof: WindowProof, *, actor: Actor, now: datetime) -> UUID:
    """Take down that the owner of an account stands here with their document; their party.

    Whoever was proven by this number before is not any more: a person who stands here is surer.

    Raises:
        NotPermitted: the actor is no official who may do this.
        FieldErrors: something is missing or cannot be right, or the telephone has no account.
        TooManyAttempts: this officer took down too many.
        IdentityFixed: the account is proven to be somebody else.
    """
    if actor.kind is not ActorKind.OFFICIAL or PERMISSION not in actor.permissions:
        raise NotPermitted(act="登记窗口核验结果")
    checked = _checked(proof, now)
    charge_address("identity-window", actor.ref, limit=PROOFS_PER_OFFICER, now=now)
    party_id = _party_of(checked["phone"])
    said = {"document": proof.document, "reason": WINDOW_REASONS[proof.reason], "units": sorted(_units(actor))}
    with transaction.atomic():
        held = IdentityProof.objects.filter(party_id=party_id, ended_at__isnull=True).first()
        if held is not None and bytes(held.number_hash) != keyring().digest("id_number", checked["id_number"]):
            raise IdentityFixed()
        party = take_number(party_id, {name: checked[name] for name in ("name", "id_number")}, actor=actor, now=now)
        keep_proof(party, ("window", "window"), actor, now, **said)
        record(events=[Event(uuid7(now), now, "parties.proven_at_window", f"party:{party_id}")])
    return party_id


def _checked(proof: WindowProof, now: datetime) -> dict[str, str]:
    given = {name: str(getattr(proof, name)).strip() for name in ("phone", "name", "id_number")}
    faults = {name: [_MISSING[name]] for name, text in given.items() if not text}
    if proof.document not in DOCUMENTS:
        faults["document"] = [_MISSING["document"]]
    if proof.reason not in WINDOW_REASONS:
        faults["reason"] = [_MISSING["reason"]]
    if not proof.seen:
        faults["seen"] = [_MISSING["seen"]]
    try:
        given["phone"] = parse_mobile(given["phone"]) if given["phone"] else ""
    except InvalidIdentifier as error:
        faults["phone"] = [str(error)]
    try:
        found = check_fields(PersonalFields(name=given["name"], id_number=given["id_number"]), kind="person", now=now)
    except FieldErrors as error:
        found = {}
        faults |= {name: list(words) for name, words in error.fields.items()}
    if faults:
        raise FieldErrors(faults)
    return {**given, **found}


def _party_of(phone: str) -> UUID:
    login = f"phone:{keyring().digest('phone', phone).hex()}"
    party: UUID | None = (
        Account.objects.filter(login=login, kind="resident", is_active=True).values_list("party_id", flat=True).first()
    )
    if party is None:
        raise FieldErrors({"phone": [_NO_ACCOUNT]})
    return party


def _units(actor: Actor) -> set[str]:
    return {grant.unit for grant in actor.grants if PERMISSION in grant.permissions}
