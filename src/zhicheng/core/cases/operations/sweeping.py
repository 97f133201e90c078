"""Sweeping uploads that nothing used: first their rows, then bytes that no row names.

Rows go by their own age alone: an upload can no longer be attached in the hour before it is swept (`gate.drafts`).
Bytes are shared by digest. A file goes when it has been old for a day and no row names it; whoever stores the same
bytes again makes the file new (`utime`), which fails once the sweeper has renamed it, and then writes it anew. Nothing
is remembered between rounds: a kill leaves a file, or a renamed one, that a later round finds.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from zhicheng.core.cases.gate.drafts import DRAFT_LIFE
from zhicheng.core.cases.models import Attachment
from zhicheng.core.cases.operations.attachments import attachment_path

_TAKEN = ".swept"
_BATCH = 500
_FOLDERS, _FOLDERS_A_ROUND = 256, 11  # hourly rounds see every folder once a day
_DELETE = """
DELETE FROM cases_attachment WHERE id IN (
  SELECT id FROM cases_attachment WHERE case_id IS NULL AND created_at < %s LIMIT %s FOR UPDATE SKIP LOCKED
) AND case_id IS NULL RETURNING sha256
"""


def sweep_drafts(now: datetime) -> int:
    """Delete uploads that nothing used for a day, and bytes that belong to nothing; how many uploads."""
    deleted = 0
    while digests := _delete_rows(now):
        deleted += len(digests)
        for digest in set(digests):
            _drop(attachment_path(digest), now)
    for path in _old_files(now):
        _drop(path, now)
    return deleted


def _delete_rows(now: datetime) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_DELETE, (now - DRAFT_LIFE, _BATCH))
        return [row[0] for row in cursor.fetchall()]


def _old_files(now: datetime) -> Iterator[Path]:
    """Files of this hour's folders that are old and that no row names, and what killed rounds have left behind."""
    first = int(now.timestamp() // 3600) * _FOLDERS_A_ROUND
    for number in range(first, first + _FOLDERS_A_ROUND):
        folder = Path(settings.FILES_ROOT) / f"{number % _FOLDERS:02x}"
        old = [path for path in folder.glob("*/*") if _is_old(path, now)]
        for start in range(0, len(old), _BATCH):
            part = old[start : start + _BATCH]
            rows = Attachment.objects.filter(sha256__in=[_digest(path) for path in part])
            named = set(rows.values_list("sha256", flat=True))
            yield from (path for path in part if path.name not in named)


def _drop(path: Path, now: datetime) -> None:
    """Delete a file unless somebody needs it: take it out of reach first, then look, then delete or put back."""
    if path.name.startswith(".") and not path.name.endswith(_TAKEN):
        path.unlink(missing_ok=True)  # half written, by somebody who was killed
        return
    digest = _digest(path)
    taken = path.with_name(f".{digest}{_TAKEN}")
    if path != taken:
        try:
            if not _is_old(path, now):
                return
            path.rename(taken)
        except FileNotFoundError:
            return  # another sweeper was faster
    if _is_old(taken, now) and not Attachment.objects.filter(sha256=digest).exists():
        taken.unlink(missing_ok=True)
    elif taken.exists():
        taken.replace(taken.with_name(digest))  # the same bytes, whoever has written them meanwhile


def _digest(path: Path) -> str:
    return path.name.removeprefix(".").partition(".")[0]


def _is_old(path: Path, now: datetime) -> bool:
    try:
        return path.stat().st_mtime < (now - DRAFT_LIFE).timestamp()
    except FileNotFoundError:
        return False
