"""The fast path of writing a party: checked, sealed and hashed in Python, inserted as a part of a larger statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from zhicheng.core.ledger.values import Entry
from zhicheng.core.parties.crypto import Keyring, keyring
from zhicheng.core.parties.errors import InvalidIdentifier
from zhicheng.core.parties.policy.identifiers import parse_id_number, parse_uscc
from zhicheng.core.parties.policy.phones import parse_phone
from zhicheng.core.parties.values import Actor, PartyDraft, PersonalFields
from zhicheng.core.parties.values.members import REPRESENTATIVE, SCOPES
from zhicheng.kit.clock import CHINA
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.ids import uuid7
from zhicheng.kit.sqltext import Part, insert_rows
from zhicheng.kit.texts import clean_text

FIELDS = ("name", "id_number", "phone", "email", "address")
HASHED = ("id_number", "phone", "email")
TAILS = ("id_number", "phone")
_LONGEST = {"name": 60, "email": 120, "address": 200}


def draft_party(fields: PersonalFields, *, now: datetime, kind: str = "person") -> PartyDraft:
    """Check, normalise and seal a new person's (or `organisation`'s) fields; nothing is stored yet.

    Raises:
        FieldErrors: a field is given and cannot be right; the sentences stand beside it.
    """
    party_id = uuid7(now)
    checked = check_fields(fields, kind=kind, now=now)
    columns = {"id": party_id, "kind": kind, **encrypt_fields(checked, row=party_id), "created_at": now}
    return PartyDraft(party_id, columns)


def party_part(name: str, draft: PartyDraft, gate: str = "") -> Part:
    """Insert a drafted party; with `gate`, only when that part returned a row."""
    return insert_rows(name, "parties_party", [draft.columns], gate=gate)


def encrypt_fields(fields: dict[str, str], *, row: UUID) -> dict[str, Any]:
    """Every sealed and hashed column of a row for normalised fields; what is not given is None."""
    ring = keyring()
    columns: dict[str, Any] = {f"{field}_sealed": None for field in FIELDS}
    columns |= dict.fromkeys(HASH_COLUMNS)
    for field, text in fields.items():
        if text:
            columns[f"{field}_sealed"] = ring.seal(text, row=row, field=field)
            columns |= hash_columns(ring, field, text)
    columns["key_id"] = ring.current().id
    return columns


HASH_COLUMNS = tuple(f"{field}_hash" for field in HASHED) + tuple(f"{field}_tail_hash" for field in TAILS)


def hash_columns(ring: Keyring, field: str, text: str) -> dict[str, bytes]:
    """The look-up columns of one field."""
    columns = {}
    if field in HASHED:
        columns[f"{field}_hash"] = ring.digest(field, text)
    if field in TAILS:
        columns[f"{field}_tail_hash"] = ring.digest(f"{field}.tail", text[-4:])
    return columns


def check_fields(fields: PersonalFields, *, kind: str, now: datetime) -> dict[str, str]:
    """The given fields in their normal form.

    Raises:
        FieldErrors: a field is given and cannot be right.
    """
    checked: dict[str, str] = {}
    faults: dict[str, list[str]] = {}
    for field in FIELDS:
        text = getattr(fields, field)
        if not text:
            continue
        try:
            checked[field] = _checked(field, text, kind, now)
        except InvalidIdentifier as error:
            faults[field] = [str(error)]
    if faults:
        raise FieldErrors(faults)
    return checked


def _checked(field: str, text: str, kind: str, now: datetime) -> str:
    if field == "phone":
        return parse_phone(text)
    if field == "id_number":
        if kind == "organisation":
            return parse_uscc(text)
        return parse_id_number(text, today=now.astimezone(CHINA).date()).number
    cleaned = clean_text(text)
    if len(cleaned) > _LONGEST[field]:
        raise InvalidIdentifier(reason=f"最多 {_LONGEST[field]} 个字。")
    if field == "email":
        cleaned = cleaned.lower()
        name, at, domain = cleaned.rpartition("@")
        if not (name and at and "." in domain) or any(character.isspace() for character in cleaned):
            raise InvalidIdentifier(reason="电子邮箱的格式不对，例如 name@example.com。")
    return cleaned


@dataclass(frozen=True)
class OpenedCompany:
    """A company that is being opened: its party, and the parts that store it with who represents it."""

    party: UUID
    entries: tuple[Entry, ...]
    rows: tuple[tuple[str, Mapping[str, Any]], ...]

    def parts(self, gate: str = "") -> list[Part]:
        """Rows only; the entries go into the caller's own part. With `gate`, only when that part returned a row."""
        return [insert_rows(f"company_{table}", f"parties_{table}", [row], gate=gate) for table, row in self.rows]


def opened_company(name: str, uscc: str, representative: UUID, *, actor: Actor, now: datetime) -> OpenedCompany:
    """A company that the city has just registered, with its legal representative; nothing is stored yet.

    Raises:
        FieldErrors: name or credit code cannot be right.
    """
    party = draft_party(PersonalFields(name=name, id_number=uscc), now=now, kind="organisation")
    proof, membership = uuid7(now), uuid7(now)
    rows = (
        ("party", party.columns),
        (
            "identityproof",
            {
                "id": proof,
                "party_id": party.id,
                "number_hash": party.columns["id_number_hash"],
                "provider": "company_register",
                "level": "register",
                "proven_at": now,
            },
        ),
        (
            "membership",
            {
                "id": membership,
                "company_id": party.id,
                "person_id": representative,
                "shown": "",
                "role": REPRESENTATIVE,
                "scopes": sorted(SCOPES),
                "source": "opened",
                "starts_at": now,
            },
        ),
    )
    given = {"membership": str(membership), "person": str(representative), "source": "opened"}
    entries = (
        Entry(uuid7(now), now, actor.ref, "identity.proven", f"party:{party.id}", data={"level": "register"}),
        Entry(uuid7(now), now, actor.ref, "membership.given", f"party:{party.id}", data=given),
    )
    return OpenedCompany(party.id, entries, rows)
