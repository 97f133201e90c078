"""Licences as rows of the lake: which kind, by whom, since when, in force or not; nothing of their holders."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from zhicheng.apps.licences.models import Licence


def read_licences(keys: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """The rows of table `licence`."""
    columns = ("id", "type", "unit_id", "issued_at", "valid_from", "valid_until", *_ENDS)
    for row in Licence.objects.filter(pk__in=list(keys)).values(*columns):
        yield {
            "licence_id": str(row["id"]),
            "type": row["type"],
            "unit": row["unit_id"],
            "state": next((state for column, state in _ENDS.items() if row[column]), "active"),
            "issued_at": row["issued_at"],
            "valid_from": row["valid_from"],
            "valid_to": row["valid_until"],
            "changed_at": next((row[column] for column in _ENDS if row[column]), row["issued_at"]),
        }


_ENDS: Mapping[str, str] = {"revoked_at": "revoked", "replaced_at": "replaced", "suspended_at": "suspended"}


def walk_licences(after: str, count: int) -> list[str]:
    """Identifiers of licences after one, in order."""
    found = Licence.objects.filter(pk__gt=UUID(after) if after else UUID(int=0)).order_by("pk")
    return [str(key) for key in found.values_list("pk", flat=True)[:count]]
