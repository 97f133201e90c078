"""Parties: stored, amended, revealed."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from zhicheng.core.parties.crypto import keyring
from zhicheng.core.parties.errors import IdentityFixed, NotPermitted, PartyNotFound, PurposeMissing
from zhicheng.core.parties.gate import FIELDS, check_fields, draft_party, encrypt_fields, party_part
from zhicheng.core.parties.models import Account, Party
from zhicheng.core.parties.operations.entries import record_act
from zhicheng.core.parties.operations.identities import end_proof
from zhicheng.core.parties.queries.parties import open_fields
from zhicheng.core.parties.queries.proven import is_proven
from zhicheng.core.parties.values import Actor, ActorKind, PersonalFields
from zhicheng.kit.sqltext import Part, compose


def create_party(fields: PersonalFields, *, now: datetime, kind: str = "person") -> UUID:
    """Store a party in the open transaction or one of its own.

    Raises:
        FieldErrors: a field is given and cannot be right.
    """
    draft = draft_party(fields, now=now, kind=kind)
    sql, params = compose([party_part("made", draft)], Part("", "SELECT 1"))
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
    return draft.id


def amend_party(party_id: UUID, fields: PersonalFields, *, actor: Actor, now: datetime) -> None:
    """Correct the given fields; what is empty stays as it is. One's own party, or by the system.

    A person's ID number is theirs to change by proving it only (`prove_identity`), and so is a proven name. What the
    system changes of a proven identity ends the proof.

    Raises:
        NotPermitted: it is somebody else's.
        IdentityFixed: it is part of a proven identity, or an ID number without a proof.
        PartyNotFound: there is none.
        FieldErrors: a field cannot be right.
    """
    if actor.kind is not ActorKind.SYSTEM and (actor.party_id != party_id or actor.mandate is not None):
        raise NotPermitted(act="修改这份个人信息")
    with transaction.atomic():
        party = Party.objects.select_for_update().filter(id=party_id, erased_at__isnull=True).first()
        if party is None:
            raise PartyNotFound(party_id=party_id)
        checked = check_fields(fields, kind=party.kind, now=now)
        kept = open_fields({"id": party.id, **_sealed(party)}, FIELDS)
        _keep_identity(party, {field for field in checked if checked[field] != kept[field]}, actor, now)
        columns = encrypt_fields({**kept, **checked}, row=party.id)
        Party.objects.filter(id=party_id).update(**columns)
        record_act(actor, "party.amended", f"party:{party_id}", now=now, fields=sorted(checked))


def reveal(party_id: UUID, fields: Iterable[str], *, actor: Actor, purpose: str, now: datetime) -> dict[str, str]:
    """Readable personal fields, for a stated purpose; every reading is in the ledger.

    Whether the actor may see the case that leads to this party is the caller's to check.

    Raises:
        NotPermitted: neither `parties.reveal` nor the actor's own party.
        PurposeMissing: no purpose was given.
        PartyNotFound: there is none.
        PersonalDataUnreadable: its key is missing.
    """
    wanted = [field for field in FIELDS if field in set(fields)]
    if actor.party_id != party_id and "parties.reveal" not in actor.permissions:
        raise NotPermitted(act="查看个人信息")
    if not purpose.strip():
        raise PurposeMissing()
    with transaction.atomic():
        party = Party.objects.filter(id=party_id).first()
        if party is None:
            raise PartyNotFound(party_id=party_id)
        opened = open_fields({"id": party.id, **_sealed(party)}, wanted)
        record_act(actor, "party.revealed", f"party:{party_id}", now=now, reason=purpose.strip()[:200], fields=wanted)
    return opened


def contact_of(party_id: UUID, field: str) -> str:
    """A telephone number or e-mail address for a message that the system itself sends; empty when not given.

    For notices only: the value goes to the provider, never to a page.

    Raises:
        PartyNotFound: there is none.
    """
    party = Party.objects.filter(id=party_id).first()
    if party is None:
        raise PartyNotFound(party_id=party_id)
    if field not in {"phone", "email"}:
        raise NotPermitted(act="读取这一项")
    return open_fields({"id": party.id, **_sealed(party)}, [field])[field]


def erase_party(party_id: UUID, *, actor: Actor, reason: str, now: datetime) -> None:
    """Remove every personal field for good and close the account; the rows stay, so that references hold.

    Raises:
        NotPermitted: only the system (retention, an approved request) erases.
        PartyNotFound: there is none, or it is erased already.
    """
    if actor.kind is not ActorKind.SYSTEM:
        raise NotPermitted(act="删除个人信息")
    with transaction.atomic():
        blank = encrypt_fields({}, row=party_id)
        if not Party.objects.filter(id=party_id, erased_at__isnull=True).update(**blank, erased_at=now):
            raise PartyNotFound(party_id=party_id)
        end_proof(party_id, actor=actor, now=now)
        for account in Account.objects.select_for_update().filter(party_id=party_id):
            account.login, account.is_active = f"erased:{account.id}", False
            account.save(update_fields=["login", "is_active"])
        record_act(actor, "party.erased", f"party:{party_id}", now=now, reason=reason)


def reseal(party: Party) -> None:
    """Encrypt a locked row anew under the current key, hashes unchanged; for rotation."""
    ring = keyring()
    opened = open_fields({"id": party.id, **_sealed(party)}, FIELDS)
    columns = {f"{field}_sealed": ring.seal(text, row=party.id, field=field) for field, text in opened.items() if text}
    Party.objects.filter(id=party.id).update(**columns, key_id=ring.current().id)


def _keep_identity(party: Party, changed: set[str], actor: Actor, now: datetime) -> None:
    """Refuse a person's change of what a proof vouches for; end the proof where the system changes it."""
    identity = changed & {"name", "id_number"}
    if not identity:
        return
    if actor.kind is ActorKind.SYSTEM:
        end_proof(party.id, actor=actor, now=now)
    elif "id_number" in identity or is_proven(party.id):
        raise IdentityFixed()


def _sealed(party: Party) -> dict[str, bytes | None]:
    return {f"{field}_sealed": getattr(party, f"{field}_sealed") for field in FIELDS}
