"""The shape of a verifiable credential, and when it is valid.

Source: W3C Verifiable Credentials Data Model 2.0, sections 4.1 to 4.10. Terms are not expanded: canonical JSON is
signed, and a context is taken as the text it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhicheng.engines.credentials.faults import MalformedCredential
from zhicheng.engines.credentials.integrity import instant_text, read_instant

CONTEXT = "https://www.w3.org/ns/credentials/v2"
CREDENTIAL = "VerifiableCredential"


@dataclass(frozen=True)
class StatusEntry:
    """Where to look whether a credential still stands: one bit of one published list."""

    purpose: str  # "revocation" or "suspension"
    list_url: str
    index: int

    def as_json(self) -> dict[str, Any]:
        """The entry as a credential carries it."""
        return {
            "id": f"{self.list_url}#{self.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": self.purpose,
            "statusListIndex": str(self.index),
            "statusListCredential": self.list_url,
        }


@dataclass(frozen=True)
class Claims:
    """What a credential says. `contexts` and `types` are those beyond the first ones that every credential has."""

    issuer: str
    subject: Mapping[str, Any]
    valid_from: datetime
    valid_until: datetime | None = None
    id: str = ""
    contexts: Sequence[str] = ()
    types: Sequence[str] = ()
    status: Sequence[StatusEntry] = ()


def unsigned(claims: Claims) -> dict[str, Any]:
    """The credential without its proof."""
    document: dict[str, Any] = {
        "@context": [CONTEXT, *claims.contexts],
        "type": [CREDENTIAL, *claims.types],
        "issuer": claims.issuer,
        "validFrom": instant_text(claims.valid_from),
        "credentialSubject": dict(claims.subject),
    }
    if claims.id:
        document["id"] = claims.id
    if claims.valid_until is not None:
        document["validUntil"] = instant_text(claims.valid_until)
    if claims.status:
        document["credentialStatus"] = [entry.as_json() for entry in claims.status]
    return document


def read_claims(document: Any) -> Claims:
    """What a credential says, after checking that it has the shape of one; its proof is not looked at.

    Raises:
        MalformedCredential: it is no credential of version 2, or a part of it has the wrong kind.
    """
    if not isinstance(document, Mapping):
        raise MalformedCredential("a credential is an object")
    contexts, types = _texts(document, "@context"), _texts(document, "type")
    if contexts[:1] != [CONTEXT] or CREDENTIAL not in types:
        raise MalformedCredential("this is no verifiable credential of version 2")
    issuer = document.get("issuer")
    issuer = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    subject = document.get("credentialSubject")
    if not isinstance(issuer, str) or not isinstance(subject, Mapping) or not subject:
        raise MalformedCredential("a credential has one issuer and one subject")
    until = document.get("validUntil")
    return Claims(
        issuer=issuer,
        subject=subject,
        valid_from=read_instant(document.get("validFrom")),
        valid_until=None if until is None else read_instant(until),
        id=str(document.get("id", "")),
        contexts=contexts[1:],
        types=[name for name in types if name != CREDENTIAL],
        status=[_status(entry) for entry in _entries(document.get("credentialStatus"))],
    )


def _texts(document: Mapping[str, Any], name: str) -> list[str]:
    value = document.get(name)
    given = list(value) if isinstance(value, list | tuple) else [value]
    texts = [text for text in given if isinstance(text, str)]
    if len(texts) != len(given):
        raise MalformedCredential(f"{name} holds something else than texts")
    return texts


def _entries(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _status(entry: Any) -> StatusEntry:
    if not isinstance(entry, Mapping) or entry.get("type") != "BitstringStatusListEntry":
        raise MalformedCredential("the status is of no known kind")
    index, url, purpose = (entry.get(name) for name in ("statusListIndex", "statusListCredential", "statusPurpose"))
    if not isinstance(url, str) or not isinstance(purpose, str) or not str(index).isdecimal():
        raise MalformedCredential("the status entry lacks a part")
    return StatusEntry(purpose, url, int(str(index)))
