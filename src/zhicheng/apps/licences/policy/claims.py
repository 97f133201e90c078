"""Licences and presentations in the form of credentials, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from zhicheng.apps.licences.policy.terms import first_instant, last_instant
from zhicheng.engines.credentials.credential import Claims, StatusEntry, unsigned
from zhicheng.engines.credentials.faults import MalformedCredential
from zhicheng.engines.credentials.statuslist import ENTRIES

LICENCE, PRESENTATION = "CityLicence", "LicencePresentation"
REVOCATION, SUSPENSION = "revocation", "suspension"
REFRESH = "refresh"
"""Of licences that are revoked in the lists, those that a newer one replaced (Bitstring Status List 1.0, `refresh`)."""
VERSION = 1
ON_PAPER = "P."
"""How the nonce of a printed presentation begins: it may be read any number of times, and can be copied."""
_COMPACT = 9  # values in a compact presentation


@dataclass(frozen=True)
class Statement:
    """What a licence or a presentation of it says, before it is signed."""

    issuer: str
    type: str
    label: str
    number: str
    unit: str
    valid_from: date
    valid_until: date | None
    fields: Mapping[str, str]
    status_index: int


def licence_document(said: Statement, *, licence_id: str) -> dict[str, Any]:
    """The credential of a licence, without proof: every field, for its holder to keep and to give away."""
    subject = {
        "licence": {
            **_terms(said),
            "label": said.label,
            "issuedBy": said.unit,
            "fields": dict(said.fields),
        }
    }
    claims = Claims(
        issuer=said.issuer,
        subject=subject,
        valid_from=first_instant(said.valid_from),
        valid_until=last_instant(said.valid_until) if said.valid_until else None,
        id=f"urn:uuid:{licence_id}",
        contexts=[context_url(said.issuer)],
        types=[LICENCE],
        status=status_entries(said.issuer, said.status_index),
    )
    return unsigned(claims)


def compact_values(said: Statement, *, key_id: str, nonce: str, at: datetime, expires_at: datetime) -> list[Any]:
    """What a QR code must carry of a presentation: only what its reader cannot know."""
    return [
        VERSION,
        key_id,
        said.type,
        said.number,
        dict(said.fields),
        [said.valid_from.isoformat(), said.valid_until.isoformat() if said.valid_until else ""],
        said.status_index,
        nonce,
        [int(at.timestamp()), int(expires_at.timestamp())],
    ]


def presentation_document(issuer: str, values: Sequence[Any]) -> dict[str, Any]:
    """The credential, without proof, that the compact values of a presentation stand for.

    Raises:
        MalformedCredential: the values are not those of a presentation.
    """
    if len(values) != _COMPACT or values[0] != VERSION:
        raise MalformedCredential("this is no presentation of this version")
    _, _, type_code, number, fields, days, index, nonce, instants = values
    texts = [type_code, number, nonce, *days, *fields, *fields.values()] if isinstance(fields, dict) else [None]
    if (
        not all(isinstance(text, str) for text in texts)
        or len(days) != len(instants)
        or not _are_whole([index, *instants])
    ):
        raise MalformedCredential("a value of the presentation has the wrong kind")
    subject = {
        "licence": {"type": type_code, "number": number, "validFrom": days[0], "validUntil": days[1], "fields": fields},
        "nonce": nonce,
    }
    claims = Claims(
        issuer=issuer,
        subject=subject,
        valid_from=datetime.fromtimestamp(instants[0], UTC),
        valid_until=datetime.fromtimestamp(instants[1], UTC),
        contexts=[context_url(issuer)],
        types=[PRESENTATION],
        status=status_entries(issuer, index),
    )
    return unsigned(claims)


def status_entries(issuer: str, index: int) -> list[StatusEntry]:
    """Where to look for revocation and suspension of a licence."""
    number, place = divmod(index, ENTRIES)
    return [StatusEntry(purpose, list_url(issuer, purpose, number), place) for purpose in (REVOCATION, SUSPENSION)]


def list_url(issuer: str, purpose: str, number: int) -> str:
    """The stable address of a status list."""
    return f"{issuer.removesuffix('/issuer')}/status/{purpose}/{number}"


def context_url(issuer: str) -> str:
    """The address of the JSON-LD context that explains our terms."""
    return f"{issuer.removesuffix('/issuer')}/context"


def _terms(said: Statement) -> dict[str, Any]:
    until_text = said.valid_until.isoformat() if said.valid_until else ""
    return {
        "type": said.type,
        "number": said.number,
        "validFrom": said.valid_from.isoformat(),
        "validUntil": until_text,
    }


def _are_whole(numbers: Sequence[Any]) -> bool:
    return all(isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 1 << 40 for number in numbers)
