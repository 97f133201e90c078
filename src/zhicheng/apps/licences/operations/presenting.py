"""Showing a licence: a presentation with masked fields, signed for a moment, small enough for a QR code."""

import secrets
from datetime import datetime, timedelta

from zhicheng.apps.licences.crypto import issuer_keys
from zhicheng.apps.licences.errors import IssuerKeyMissing, LicenceNotInForce
from zhicheng.apps.licences.policy.claims import ON_PAPER, Statement, compact_values, presentation_document
from zhicheng.apps.licences.policy.terms import state_on
from zhicheng.apps.licences.queries.licences import credential_of, fields_of, own_row, term_of, unit_name
from zhicheng.apps.licences.queries.types import masked_fields, type_of
from zhicheng.apps.licences.values import STATE_WORDS, LicenceState, Presentation
from zhicheng.core.parties.values import Actor
from zhicheng.engines.credentials.compact import pack
from zhicheng.engines.credentials.integrity import add_proof
from zhicheng.engines.credentials.multibase import from_base58
from zhicheng.kit.clock import CHINA

SHOWN_FOR, PRINTED_FOR = timedelta(seconds=90), timedelta(days=30)


def present_licence(actor: Actor, number: str, *, now: datetime, printed: bool = False) -> Presentation:
    """A presentation of one's own licence, valid for 90 seconds; for paper for 30 days, and marked so under the seal.

    Raises:
        LicenceNotFound: it is not the actor's.
        LicenceNotInForce: it is not in force, so there is nothing to show.
    """
    row = own_row(actor, number)
    state = state_on(term_of(row), now.astimezone(CHINA).date())
    if state is not LicenceState.VALID:
        raise LicenceNotInForce(state=STATE_WORDS[state], act="出示")
    keys = issuer_keys()
    key, licence_type = keys.current(), type_of(row.definition)
    if key.signing is None:
        raise IssuerKeyMissing()
    said = Statement(
        keys.issuer(),
        row.type,
        licence_type.label,
        row.number,
        unit_name(row.unit_id),
        row.valid_from,
        row.valid_until,
        masked_fields(licence_type, fields_of(row)),
        row.status_index,
    )
    expires_at = now + (PRINTED_FOR if printed else SHOWN_FOR)
    nonce = (ON_PAPER if printed else "") + secrets.token_urlsafe(9)
    values = compact_values(said, key_id=key.id, nonce=nonce, at=now, expires_at=expires_at)
    document = presentation_document(keys.issuer(), values)
    signed = add_proof(document, key.signing, method=keys.method(key), created=now)
    return Presentation(pack(values, from_base58(signed["proof"]["proofValue"])), now, expires_at)


def licence_credential(actor: Actor, number: str) -> dict[str, object]:
    """The whole signed credential of one's own licence, to keep or to give to somebody.

    Raises:
        LicenceNotFound: it is not the actor's.
    """
    return credential_of(own_row(actor, number))
