"""Proven identities as they may be shown, and compared without being shown."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from zhicheng.core.parties.crypto import keyring
from zhicheng.core.parties.errors import InvalidIdentifier
from zhicheng.core.parties.models import IdentityProof, Party
from zhicheng.core.parties.policy.identifiers import parse_id_number
from zhicheng.core.parties.policy.masking import mask_id_number, mask_name
from zhicheng.core.parties.queries.parties import open_fields
from zhicheng.core.parties.queries.proven import proven
from zhicheng.core.parties.values.identities import Identity
from zhicheng.kit.clock import CHINA


def get_identity(party_id: UUID) -> Identity | None:
    """The proven identity of a party, masked; None where it is not proven."""
    row = Party.objects.filter(proven(), id=party_id, erased_at__isnull=True)
    found = row.values("id", "kind", "name_sealed", "id_number_sealed").first()
    if found is None:
        return None
    proof = IdentityProof.objects.get(party_id=party_id, ended_at__isnull=True)
    opened = open_fields(found, ("name", "id_number"))
    masked = found["kind"] == "person"  # a company's name and code are public
    return Identity(
        party=party_id,
        name=mask_name(opened["name"]) if masked else opened["name"],
        id_number=mask_id_number(opened["id_number"]) if masked else opened["id_number"],
        provider=proof.provider,
        level=proof.level,
        proven_at=proof.proven_at,
    )


def identity_differences(party_id: UUID, given: Mapping[str, str]) -> frozenset[str]:
    """Which of `name` and `id_number`, as given somewhere, are not the proven ones; all of them without a proof."""
    row = Party.objects.filter(proven(), id=party_id).values("id", "name_sealed", "id_number_sealed").first()
    if row is None:
        return frozenset(given)
    opened = open_fields(row, ("name", "id_number"))
    return frozenset(field for field, text in given.items() if _plain(text) != _plain(opened[field]))


def find_proven_person(name: str, id_number: str, *, now: datetime) -> UUID | None:
    """The party of whoever is proven to have this name and ID number."""
    try:
        number = parse_id_number(id_number, today=now.astimezone(CHINA).date()).number
    except InvalidIdentifier:
        return None
    rows = Party.objects.filter(proven(), kind="person", id_number_hash=keyring().digest("id_number", number))
    party: UUID | None = rows.values_list("id", flat=True).first()
    return party if party is not None and not identity_differences(party, {"name": name}) else None


def _plain(text: str) -> str:
    return "".join(text.split()).replace("•", "·").upper()
