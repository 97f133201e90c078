"""Parties as they may be shown: masked. Unmasked values leave only through `operations.reveal`."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from zhicheng.core.parties.crypto import keyring
from zhicheng.core.parties.errors import InvalidIdentifier, PartyNotFound
from zhicheng.core.parties.gate import FIELDS, TAILS
from zhicheng.core.parties.models import Account, Party
from zhicheng.core.parties.policy.identifiers import parse_id_number
from zhicheng.core.parties.policy.masking import MASKS
from zhicheng.core.parties.policy.phones import parse_phone
from zhicheng.core.parties.queries.proven import proven
from zhicheng.core.parties.values import MaskedParty
from zhicheng.kit.clock import CHINA

_MOST_FOUND = 50
_SHORTEST_PREFIX = 16


def get_masked_party(party_id: UUID) -> MaskedParty:
    """One party, masked.

    Raises:
        PartyNotFound: there is none.
        PersonalDataUnreadable: its key is missing.
    """
    found = list_masked_parties([party_id])
    if party_id not in found:
        raise PartyNotFound(party_id=party_id)
    return found[party_id]


def list_masked_parties(party_ids: Iterable[UUID]) -> dict[UUID, MaskedParty]:
    """Several parties, masked, in one query; unknown ids are left out."""
    rows = Party.objects.filter(id__in=list(party_ids)).values("id", "kind", *(f"{field}_sealed" for field in FIELDS))
    return {row["id"]: _masked(row) for row in rows}


def open_fields(row: Mapping[str, Any], fields: Iterable[str]) -> dict[str, str]:
    """The readable fields of a row; for this package only."""
    ring = keyring()
    opened = {}
    for field in fields:
        envelope = row[f"{field}_sealed"]
        opened[field] = ring.open(envelope, row=row["id"], field=field) if envelope is not None else ""
    return opened


def find_parties_by_phone(phone: str) -> list[UUID]:
    """Who gave this number, newest first, 50 at most.

    Raises:
        InvalidIdentifier: it is no telephone number.
    """
    return _find(phone_hash=keyring().digest("phone", parse_phone(phone)))


def find_parties_by_id_number(number: str, *, now: datetime) -> list[UUID]:
    """Who gave this ID number, newest first, 50 at most.

    Raises:
        InvalidIdentifier: it is no ID number.
    """
    parsed = parse_id_number(number, today=now.astimezone(CHINA).date())
    return _find(id_number_hash=keyring().digest("id_number", parsed.number))


def find_parties_by_tail(field: str, tail: str) -> list[UUID]:
    """Whose `phone` or `id_number` ends in these four characters, newest first, 50 at most.

    Raises:
        InvalidIdentifier: these are not four characters of such a field.
    """
    tail = tail.strip().upper()
    if field not in TAILS or len(tail) != 4 or not tail.isascii() or not tail.isalnum():
        raise InvalidIdentifier(reason="请填写最后四位。")
    return _find(**{f"{field}_tail_hash": keyring().digest(f"{field}.tail", tail)})


def get_identity_digest(party_id: UUID) -> bytes | None:
    """The keyed hash of a party's proven ID number or credit code, by which other tables know them.

    None for who has not proven it: a number that somebody wrote down says nothing about them.
    """
    rows = Party.objects.filter(proven(), id=party_id, erased_at__isnull=True)
    digest = rows.values_list("id_number_hash", flat=True).first()
    return bytes(digest) if digest is not None else None


def get_party_kind(party_id: UUID) -> str:
    """`person` or `organisation`; `person` where there is no such party."""
    return Party.objects.filter(id=party_id).values_list("kind", flat=True).first() or "person"


def find_parties_by_digest(prefix: bytes) -> list[UUID]:
    """Whose proven ID number's keyed hash begins with these bytes (at least 16), newest first, 50 at most.

    Raises:
        ValueError: the prefix is too short to mean one number.
    """
    if len(prefix) < _SHORTEST_PREFIX:
        raise ValueError("a prefix of a keyed hash has at least 16 bytes")
    in_range = Party.objects.filter(id_number_hash__gte=prefix, id_number_hash__lte=prefix + b"\xff" * 32)
    found = in_range.filter(proven())
    return list(found.filter(erased_at__isnull=True).order_by("-created_at").values_list("id", flat=True)[:_MOST_FOUND])


def list_account_identities(*, after: UUID | None = None, limit: int = 1000) -> list[tuple[UUID, UUID, bytes]]:
    """Accounts whose party has proven its ID number: account, party, keyed hash; by account, after one."""
    rows = Account.objects.filter(proven("party"), is_active=True, party__erased_at__isnull=True)
    rows = rows.filter(id__gt=after) if after is not None else rows
    found = rows.order_by("id").values_list("id", "party_id", "party__id_number_hash")[:limit]
    return [(account, party, bytes(digest or b"")) for account, party, digest in found]


def has_account(party_id: UUID) -> bool:
    """Whether somebody signs in as this party."""
    return Account.objects.filter(party_id=party_id).exists()


def list_missing_keys() -> list[int]:
    """Ids of keys that sealed rows need and the key folder lacks: for `doctor`, after a restore."""
    sealed = Party.objects.values_list("key_id", flat=True).distinct()
    secrets = Account.objects.filter(totp_key_id__isnull=False).values_list("totp_key_id", flat=True).distinct()
    return sorted({key_id for key_id in (*sealed, *secrets) if key_id is not None} - keyring().ids())


def _find(**hashes: bytes) -> list[UUID]:
    found = Party.objects.filter(**hashes, erased_at__isnull=True).order_by("-created_at")
    return list(found.values_list("id", flat=True)[:_MOST_FOUND])


def _masked(row: Mapping[str, Any]) -> MaskedParty:
    opened = open_fields(row, FIELDS)
    if row["kind"] == "organisation":  # a company's name and code are public
        shown = {**{field: MASKS[field](opened[field]) for field in FIELDS}, "name": opened["name"]}
        return MaskedParty(id=row["id"], kind=row["kind"], **{**shown, "id_number": opened["id_number"]})
    return MaskedParty(id=row["id"], kind=row["kind"], **{field: MASKS[field](opened[field]) for field in FIELDS})
