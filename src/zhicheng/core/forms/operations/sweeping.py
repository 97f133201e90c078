"""Sweeping: drafts that have expired, uploads that belong to nothing, files that no row names. Any number may run."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection

from zhicheng.core.forms.gate.files import FOLDER, material_path
from zhicheng.core.forms.models import FormDocument

_GRACE = timedelta(days=1)
_BATCH = 500
_FOLDERS, _FOLDERS_A_ROUND = 256, 11  # hourly rounds see every folder once a day
_EXPIRED = """
DELETE FROM forms_formdraft WHERE id IN (
  SELECT id FROM forms_formdraft WHERE expires_at <= %s LIMIT %s FOR UPDATE SKIP LOCKED
) AND expires_at <= %s
"""
_ORPHANS = """
SELECT id FROM forms_formdocument d WHERE submission_id IS NULL AND created_at < %s
AND NOT EXISTS (SELECT 1 FROM forms_formdraft f WHERE f.id = d.draft) LIMIT %s
"""


def sweep_forms(now: datetime) -> int:
    """Delete what nobody needs any more; how many drafts."""
    deleted = _delete_drafts(now)
    for document in _orphans(now):
        FormDocument.objects.filter(id=document, submission__isnull=True).delete()
        material_path(document).unlink(missing_ok=True)
    for path in _unnamed_files(now):
        path.unlink(missing_ok=True)
    return deleted


def _delete_drafts(now: datetime) -> int:
    deleted, went = 0, _BATCH
    with connection.cursor() as cursor:
        while went == _BATCH:
            cursor.execute(_EXPIRED, (now, _BATCH, now))
            went = int(cursor.rowcount)
            deleted += went
    return deleted


def _orphans(now: datetime) -> list[UUID]:
    """Uploads whose draft is gone; the day's grace lets a submission in hand finish."""
    with connection.cursor() as cursor:
        cursor.execute(_ORPHANS, (now - _GRACE, _BATCH))
        return [row[0] for row in cursor.fetchall()]


def _unnamed_files(now: datetime) -> Iterator[Path]:
    """Files of this hour's folders, a day old, that no row names: what a kill between file and row has left."""
    first = int(now.timestamp() // 3600) * _FOLDERS_A_ROUND
    for number in range(first, first + _FOLDERS_A_ROUND):
        folder = Path(settings.FILES_ROOT) / FOLDER / f"{number % _FOLDERS:02x}"
        old = [path for path in folder.glob("*") if path.stat().st_mtime < (now - _GRACE).timestamp()]
        named = {id_.hex for id_ in FormDocument.objects.filter(id__in=_ids(old)).values_list("id", flat=True)}
        yield from (path for path in old if path.name not in named)


def _ids(paths: list[Path]) -> list[UUID]:
    return [UUID(hex=path.name) for path in paths if len(path.name) == 32 and not path.name.startswith(".")]
