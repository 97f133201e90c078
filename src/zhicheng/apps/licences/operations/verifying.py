"""Checking what somebody shows: a code from a phone, or a whole credential, at a verifier that remembers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from zhicheng.apps.licences.crypto import issuer_keys
from zhicheng.apps.licences.models import Licence, SeenPresentation
from zhicheng.apps.licences.policy.answers import answer
from zhicheng.apps.licences.policy.claims import LICENCE, ON_PAPER, PRESENTATION, presentation_document
from zhicheng.apps.licences.policy.terms import state_on
from zhicheng.apps.licences.queries.licences import term_of
from zhicheng.apps.licences.queries.types import list_licence_types
from zhicheng.apps.licences.values import Answer, LicenceState, Outcome, ShownField
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import keyring
from zhicheng.engines.credentials.canonical import read_json
from zhicheng.engines.credentials.compact import unpack
from zhicheng.engines.credentials.credential import Claims, read_claims
from zhicheng.engines.credentials.faults import InvalidProof, MalformedCredential
from zhicheng.engines.credentials.integrity import check_proof, proof_of
from zhicheng.engines.credentials.multibase import to_base58
from zhicheng.engines.credentials.statuslist import ENTRIES
from zhicheng.kit.clock import CHINA

_SKEW = timedelta(seconds=30)  # how far two clocks may differ
_LONGEST = 200_000
_SEEN = """
INSERT INTO licences_seenpresentation (nonce, verifier, at, expires_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (nonce, verifier) DO NOTHING
"""


def verify_shown(text: str, *, verifier: str, now: datetime) -> Answer:
    """Check a code or a credential. `verifier` tells apart those who check, so that a copy is noticed.

    Nothing raises: whatever is wrong is an answer. A presentation counts as seen when it was genuine and in time.
    """
    try:
        document = _document(text.strip())
        claims = read_claims(document)
        key = issuer_keys().find(str(proof_of(document)["verificationMethod"]))
        if key is None or claims.issuer != issuer_keys().issuer():
            return answer(Outcome.UNKNOWN_ISSUER)
        check_proof(document, key.public)
        return _judged(claims, verifier, now)
    except MalformedCredential:
        return answer(Outcome.MALFORMED)
    except InvalidProof:
        return answer(Outcome.TAMPERED)


def purge_presentations(*, now: datetime, limit: int = 5_000) -> int:
    """Forget presentations that could no longer be valid, one batch; how many."""
    old = SeenPresentation.objects.filter(expires_at__lt=now - _SKEW).order_by("id").values("id")[:limit]
    deleted, _ = SeenPresentation.objects.filter(id__in=old).delete()
    return deleted


def _document(text: str) -> Mapping[str, Any]:
    if len(text) > _LONGEST:
        raise MalformedCredential("too long")
    if text.startswith("{"):
        document: Mapping[str, Any] = read_json(text)
        return document
    values, signature = unpack(text.rpartition("#")[2])
    keys = issuer_keys()
    unsigned = presentation_document(keys.issuer(), values)
    proof = {
        "@context": unsigned["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": unsigned["validFrom"],
        "verificationMethod": f"{keys.issuer()}#{values[1]}",
        "proofPurpose": "assertionMethod",
        "proofValue": to_base58(signature),
    }
    return {**unsigned, "proof": proof}


def _judged(claims: Claims, verifier: str, now: datetime) -> Answer:
    """The answer about a genuine credential: its time, its status, whether it was seen here before."""
    said = claims.subject.get("licence")
    is_code = PRESENTATION in claims.types
    if not isinstance(said, Mapping) or not (is_code or LICENCE in claims.types):
        return answer(Outcome.MALFORMED)
    outcome = (
        _time_outcome(claims, now, is_code=is_code)
        or _status_outcome(claims, said, now)
        or (_code_outcome(claims, verifier, now) if is_code else None)
        or Outcome.VALID
    )
    return replace(answer(outcome), **_told(said), at=now)


def _time_outcome(claims: Claims, now: datetime, *, is_code: bool) -> Outcome | None:
    skew = _SKEW if is_code else timedelta()
    if claims.valid_until is not None and now > claims.valid_until + skew:
        return Outcome.CODE_EXPIRED if is_code else Outcome.EXPIRED
    return Outcome.NOT_YET if now < claims.valid_from - skew else None


_STATES = {
    LicenceState.NOT_YET: Outcome.NOT_YET,
    LicenceState.EXPIRED: Outcome.EXPIRED,
    LicenceState.SUSPENDED: Outcome.SUSPENDED,
    LicenceState.REVOKED: Outcome.REVOKED,
    LicenceState.REPLACED: Outcome.REPLACED,
}


def _status_outcome(claims: Claims, said: Mapping[str, Any], now: datetime) -> Outcome | None:
    """From the table itself, which is newer than any list."""
    row = Licence.objects.filter(status_index=_place(claims), number=str(said.get("number"))).first()
    if row is None:
        return Outcome.UNKNOWN_ISSUER
    return _STATES.get(state_on(term_of(row), now.astimezone(CHINA).date()))


def _place(claims: Claims) -> int:
    """The place in all lists of a purpose together; the address of a list ends with its number."""
    if not claims.status:
        raise MalformedCredential("the credential names no status list")
    entry = claims.status[0]
    number = entry.list_url.rpartition("/")[2]
    if not number.isdecimal():
        raise MalformedCredential("the status list has no number")
    return int(number) * ENTRIES + entry.index


def _code_outcome(claims: Claims, verifier: str, now: datetime) -> Outcome | None:
    """A code on paper is what it is however often it is read; one on a phone is read once at a desk."""
    is_paper = str(claims.subject.get("nonce", "")).startswith(ON_PAPER)
    return Outcome.PRINTED if is_paper else _seen_outcome(claims, verifier, now)


def _seen_outcome(claims: Claims, verifier: str, now: datetime) -> Outcome | None:
    nonce = str(claims.subject.get("nonce", ""))
    params = (nonce, keyring().digest("licence.verifier", verifier), now, claims.valid_until or now)
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, params)
        is_new = cursor.rowcount == 1
    return None if is_new else Outcome.REPLAYED


def _told(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a genuine credential says, with the labels of its type; an unknown code stands for itself."""
    fields = said.get("fields")
    found = fields if isinstance(fields, Mapping) else {}
    types = {each.code: each for each in list_licence_types()}
    licence_type = types.get(str(said.get("type")))
    labels = {each.code: each.label for each in licence_type.fields} if licence_type else {}
    return {
        "label": licence_type.label if licence_type else str(said.get("label") or said.get("type")),
        "number": str(said.get("number", "")),
        "issuer": str(said.get("issuedBy") or current_pack().name),
        "valid_from": str(said.get("validFrom", "")),
        "valid_until": str(said.get("validUntil", "")),
        "fields": tuple(
            ShownField(str(code), labels.get(str(code), str(code)), str(value)) for code, value in found.items()
        ),
    }
