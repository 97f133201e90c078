"""Which parties are proven to be who they say: the condition that every use of an ID number goes through."""

from uuid import UUID

from django.db.models import Exists, OuterRef

from zhicheng.core.parties.models import IdentityProof, Party


def proven(party: str = "") -> Exists:
    """A party with a proof in force of the very number it has; `party` is the way to it from the rows asked for."""
    way = f"{party}__" if party else ""
    return Exists(
        IdentityProof.objects.filter(
            party_id=OuterRef(f"{way}id"), number_hash=OuterRef(f"{way}id_number_hash"), ended_at__isnull=True
        )
    )


def is_proven(party_id: UUID | None) -> bool:
    """Whether a party's ID number (of a company: its credit code) is proven to be theirs."""
    return party_id is not None and Party.objects.filter(proven(), id=party_id, erased_at__isnull=True).exists()
