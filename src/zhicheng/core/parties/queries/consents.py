"""Consents of one party."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from zhicheng.core.parties.models import Consent
from zhicheng.core.parties.models import ConsentUse as Row
from zhicheng.core.parties.values import ConsentUse, GivenConsent

MOST, SHOWN_USES = 200, 10


def consents_in_force(party_id: UUID, sources: Iterable[str], *, scope: str = "") -> dict[str, UUID]:
    """Source → consent in force for this scope, or for everything (scope "")."""
    rows = Consent.objects.filter(party_id=party_id, source__in=list(sources), withdrawn_at__isnull=True)
    return dict(rows.filter(scope__in={scope, ""}).order_by("scope").values_list("source", "id"))


def list_consents(party_id: UUID) -> list[GivenConsent]:
    """Everything a party has agreed to, newest first, withdrawn ones too, with their latest uses; 200 at most."""
    rows = list(Consent.objects.filter(party_id=party_id).order_by("-given_at")[:MOST])
    uses = _uses([row.id for row in rows])
    return [
        GivenConsent(
            row.id, row.source, row.scope, row.purpose, row.given_at, row.withdrawn_at, tuple(uses.get(row.id, ()))
        )
        for row in rows
    ]


def _uses(consents: list[UUID]) -> dict[UUID, list[ConsentUse]]:
    """The latest uses of each, ten at most."""
    rank = Window(RowNumber(), partition_by="consent_id", order_by=F("used_at").desc())
    rows = Row.objects.filter(consent_id__in=consents).annotate(rank=rank).filter(rank__lte=SHOWN_USES)
    found: dict[UUID, list[ConsentUse]] = {}
    for row in rows.order_by("-used_at", "-id"):
        found.setdefault(row.consent_id, []).append(ConsentUse(row.used_at, row.words))
    return found
