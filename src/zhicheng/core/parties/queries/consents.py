"""Consents of one party."""

from collections.abc import Iterable
from uuid import UUID

from zhicheng.core.parties.models import Consent
from zhicheng.core.parties.values import GivenConsent


def consents_in_force(party_id: UUID, sources: Iterable[str], *, scope: str = "") -> dict[str, UUID]:
    """Source → consent in force for this scope, or for everything (scope "")."""
    rows = Consent.objects.filter(party_id=party_id, source__in=list(sources), withdrawn_at__isnull=True)
    return dict(rows.filter(scope__in={scope, ""}).order_by("scope").values_list("source", "id"))


def list_consents(party_id: UUID) -> list[GivenConsent]:
    """Everything a party has agreed to, newest first, withdrawn ones too; 200 at most."""
    rows = Consent.objects.filter(party_id=party_id).order_by("-given_at")[:200]
    return [GivenConsent(row.id, row.source, row.scope, row.purpose, row.given_at, row.withdrawn_at) for row in rows]
