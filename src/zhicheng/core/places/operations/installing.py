"""Writes of places: the pack's content becomes rows. Only what changed is written; what disappeared ends."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models as fields
from django.db import transaction

from zhicheng.core.places import models
from zhicheng.core.places.queries.known import forget_known
from zhicheng.kit.ids import uuid7

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Changed:
    """How many rows an install wrote and ended."""

    written: int = 0
    ended: int = 0


def install_divisions(rows: Sequence[Values], *, now: datetime) -> Changed:
    """Make the divisions those of the pack; `rows` hold code, name, level, parent_id, note."""
    return _install(models.Division, rows, now)


def install_outlines(outlines: Mapping[str, bytes], synthetic: Mapping[str, bool], *, now: datetime) -> Changed:
    """Give divisions their outlines (WKB); a division without one loses it."""
    divisions = models.Division.objects.filter(ended_at=None)
    rows: list[dict[str, Any]] = [
        {"code": code, "outline": outlines.get(code), "synthetic": synthetic.get(code, False)}
        for code in divisions.values_list("code", flat=True)
    ]
    stored: Iterable[Values] = divisions.values("code", "outline", "synthetic")
    current = {row["code"]: row for row in stored}
    wrong = [models.Division(**row) for row in rows if not _equal(current[row["code"]], row)]
    models.Division.objects.bulk_update(wrong, ["outline", "synthetic"], batch_size=300)
    return _revised(Changed(len(wrong), 0), now)


def install_grids(rows: Sequence[Values], *, now: datetime) -> Changed:
    """Make the grids those of the pack; `rows` hold code, name, community_id, synthetic, outline."""
    return _install(models.Grid, rows, now)


def install_surroundings(rows: Sequence[Values], *, now: datetime) -> Changed:
    """Make the surroundings those of the pack; `rows` hold code, name, kind, outline."""
    return _install(models.Surrounding, rows, now)


def install_landmarks(rows: Sequence[Values], *, now: datetime) -> Changed:
    """Make the landmarks those of the pack; `rows` hold every column but `ended_at`."""
    return _install(models.Landmark, rows, now)


def _install(model: type[fields.Model], rows: Sequence[Values], now: datetime) -> Changed:
    key = model._meta.pk.name
    names = [name for name in (rows[0] if rows else {}) if name != key]
    stored = {row[key]: row for row in model._default_manager.values(key, "ended_at", *names)}
    wanted = [{**row, "ended_at": None} for row in rows]
    wrong = [row for row in wanted if row[key] not in stored or not _equal(stored[row[key]], row)]
    model._default_manager.bulk_create(
        [model(**row) for row in wrong],
        update_conflicts=True,
        unique_fields=[key],
        update_fields=[name.removesuffix("_id") for name in (*names, "ended_at")],
        batch_size=500,
    )
    kept = {row[key] for row in rows}
    gone = [code for code, row in stored.items() if code not in kept and row["ended_at"] is None]
    ended = model._default_manager.filter(pk__in=gone).update(ended_at=now)
    return _revised(Changed(len(wrong), ended), now)


def _equal(stored: Values, wanted: Values) -> bool:
    return all(_plain(stored[name]) == _plain(value) for name, value in wanted.items())


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _revised(changed: Changed, now: datetime) -> Changed:
    if changed.written or changed.ended:
        revision = {"revision": str(uuid7(now)), "revised_at": now}
        models.AtlasRevision.objects.update_or_create(id=1, defaults=revision)
        forget_known()
        transaction.on_commit(forget_known)
    return changed
