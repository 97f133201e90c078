"""Taking files: checked by content, stripped of what they tell about the person, stored by digest."""

import hashlib
import os
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection

from zhicheng.core.cases.gate.drafts import UPLOAD_GONE, usable_drafts
from zhicheng.core.cases.models import Attachment
from zhicheng.core.cases.values import NewAttachment
from zhicheng.core.parties.values import Actor
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.files import CheckedFile, read_file
from zhicheng.kit.ids import uuid7
from zhicheng.kit.sqltext import Part, insert_rows

_LONGEST_PX = 2560


def check_file(name: str, content: bytes, now: datetime) -> NewAttachment:
    """Check a file by its content and store its bytes; photos are re-encoded without place and camera data.

    The bytes are on disk (fsync) when this returns; the row is the caller's to write.

    Raises:
        FileTooLarge: more than 10 MB.
        FileRefused: neither a photo that can be read nor a PDF.
    """
    return _keep(read_file(name, content, longest_px=_LONGEST_PX), now)


def attachment_part(files: list[NewAttachment], case_id: UUID, *, actor: Actor, now: datetime, gate: str = "") -> Part:
    """Insert files together with the case they belong to."""
    rows = [_row(file, actor, now, case_id=case_id, public=True) for file in files]
    return insert_rows("files", "cases_attachment", rows, gate=gate)


def bind_drafts_part(ids: Sequence[UUID], case_id: UUID, *, gate: str = "") -> Part:
    """Give uploaded drafts, which `lock_drafts` has found good, to the case that is being opened."""
    text = "UPDATE cases_attachment SET case_id = %s, public = true WHERE id = ANY(%s::uuid[]) AND case_id IS NULL"
    if gate:
        text += f" AND EXISTS (SELECT 1 FROM {gate})"
    return Part("bound", f"{text} RETURNING id", (case_id, [str(file) for file in ids]))


def lock_drafts(ids: Sequence[UUID], *, actor: Actor, now: datetime) -> None:
    """Hold uploaded drafts until the open transaction ends, so that nobody binds or sweeps them meanwhile.

    Raises:
        FieldErrors: one of them cannot be attached: unknown, somebody else's, used already, or too old.
    """
    with connection.cursor() as cursor:
        cursor.execute(*usable_drafts([str(file) for file in ids], actor.ref, now))
        if len(cursor.fetchall()) < len(set(ids)):
            raise FieldErrors({"attachments": [UPLOAD_GONE]})


def add_draft_attachment(file: NewAttachment, *, actor: Actor, now: datetime) -> UUID:
    """Remember an upload that an action will bind to its case; unbound ones are swept after a day."""
    row = _row(file, actor, now, case_id=None, public=False)
    Attachment.objects.create(**row)
    return file.id


def attachment_path(sha256: str) -> Path:
    """Where the bytes of a digest lie."""
    return Path(settings.FILES_ROOT) / sha256[:2] / sha256[2:4] / sha256


def _keep(file: CheckedFile, now: datetime) -> NewAttachment:
    digest = hashlib.sha256(file.content).hexdigest()
    path = attachment_path(digest)
    try:
        os.utime(path)  # known bytes are new again for the sweeper, whose rename would make this fail
    except FileNotFoundError:
        root = Path(settings.FILES_ROOT)
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in (path.parent.parent, path.parent):  # the mode is that of the last folder only
            folder.mkdir(exist_ok=True, mode=0o700)
        _write_safely(path, file.content)
    return NewAttachment(uuid7(now), file.name, file.media_type, len(file.content), digest, *file.size_px)


def _write_safely(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _row(file: NewAttachment, actor: Actor, now: datetime, *, case_id: UUID | None, public: bool) -> dict[str, object]:
    return {
        "id": file.id,
        "case_id": case_id,
        "name": file.name,
        "media_type": file.media_type,
        "size_bytes": file.size_bytes,
        "sha256": file.sha256,
        "width_px": file.width_px,
        "height_px": file.height_px,
        "owner": actor.ref,
        "created_at": now,
        "public": public,
    }
