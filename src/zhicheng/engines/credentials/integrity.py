"""Data Integrity proofs over canonical JSON: made and checked for one document and one key.

Source: W3C Verifiable Credential Data Integrity 1.0; Data Integrity EdDSA Cryptosuites 1.0, section 3.3
(eddsa-jcs-2022). `sm2-jcs` follows the same steps with SM3 and SM2; its name is ours.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from zhicheng.engines.credentials.canonical import canonical
from zhicheng.engines.credentials.faults import InvalidProof, MalformedCredential
from zhicheng.engines.credentials.keys import PublicKey, SigningKey
from zhicheng.engines.credentials.multibase import from_base58, to_base58

ASSERTION = "assertionMethod"
_SIGNATURE_BYTES = 64


def add_proof(
    document: Mapping[str, Any], key: SigningKey, *, method: str, created: datetime, purpose: str = ASSERTION
) -> dict[str, Any]:
    """The document with a proof under `key`, whose verification method is named `method`.

    Raises:
        MalformedCredential: the document has a proof already, or holds what JSON does not know.
    """
    if "proof" in document:
        raise MalformedCredential("the document is signed already")
    proof: dict[str, Any] = {
        "type": "DataIntegrityProof",
        "cryptosuite": key.public.cryptosuite,
        "created": instant_text(created),
        "verificationMethod": method,
        "proofPurpose": purpose,
    }
    if "@context" in document:
        proof["@context"] = document["@context"]
    signature = key.sign(hash_data(document, proof, key.public))
    return {**document, "proof": {**proof, "proofValue": to_base58(signature)}}


def check_proof(document: Mapping[str, Any], key: PublicKey, *, purpose: str = ASSERTION) -> None:
    """Return when the document's proof is `key`'s over exactly this document and for this purpose.

    Raises:
        MalformedCredential: there is no single proof in the form of our cryptosuites.
        InvalidProof: there is one, and it does not hold.
    """
    proof = proof_of(document)
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    if options.get("cryptosuite") != key.cryptosuite:
        raise InvalidProof("the proof is of another cryptosuite than the key")
    if options.get("proofPurpose") != purpose:
        raise InvalidProof("the proof is for another purpose")
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    if "@context" in options:
        if not _starts_with(unsecured.get("@context"), options["@context"]):
            raise InvalidProof("the document has another context than its proof")
        unsecured["@context"] = options["@context"]
    signature = from_base58(str(proof.get("proofValue", "")))
    if len(signature) != _SIGNATURE_BYTES or not key.verify(signature, hash_data(unsecured, options, key)):
        raise InvalidProof("the signature does not fit the document")


def proof_of(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The one proof of a document.

    Raises:
        MalformedCredential: there is none, or several, or it is no DataIntegrityProof with a readable instant.
    """
    proof = document.get("proof")
    if not isinstance(proof, Mapping) or proof.get("type") != "DataIntegrityProof":
        raise MalformedCredential("there is no DataIntegrityProof")
    if not isinstance(proof.get("verificationMethod"), str):
        raise MalformedCredential("the proof names no verification method")
    if "created" in proof:
        read_instant(proof["created"])
    return proof


def hash_data(unsecured: Mapping[str, Any], options: Mapping[str, Any], key: PublicKey) -> bytes:
    """What is signed: the digest of the canonical options, then that of the canonical document."""
    return key.digest(canonical(options)) + key.digest(canonical(unsecured))


def instant_text(instant: datetime) -> str:
    """An instant as credentials write it: seconds, in UTC.

    >>> instant_text(datetime(2026, 1, 5, 8, tzinfo=UTC))
    '2026-01-05T08:00:00Z'
    """
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_instant(text: Any) -> datetime:
    """An XML Schema dateTimeStamp: an instant with its zone.

    Raises:
        MalformedCredential: it is none.
    """
    try:
        instant = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise MalformedCredential("this is no instant") from error
    if instant.tzinfo is None or "T" not in text:
        raise MalformedCredential("an instant has no time zone")
    return instant


def _starts_with(contexts: Any, first: Any) -> bool:
    """Whether the document's contexts begin with those of the proof, in their order."""
    mine, wanted = _as_list(contexts), _as_list(first)
    return bool(wanted) and mine[: len(wanted)] == wanted


def _as_list(contexts: Any) -> list[Any]:
    if isinstance(contexts, Sequence) and not isinstance(contexts, str):
        return list(contexts)
    return [] if contexts is None else [contexts]
