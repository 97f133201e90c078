"""Reading uploads in the background: one at a time, three attempts, any number of workers."""

import logging
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from zhicheng.core.forms.base import TextReader
from zhicheng.core.forms.gate.files import read_sealed
from zhicheng.core.forms.gate.sealing import READING
from zhicheng.core.forms.models import FormDocument, ReadingJob
from zhicheng.core.forms.policy.extracting import extract
from zhicheng.core.forms.queries.materials import find_material
from zhicheng.core.forms.registry import text_readers
from zhicheng.core.forms.values import Reading
from zhicheng.core.parties.public import keyring
from zhicheng.kit.sqltext import to_json

_MOST_ATTEMPTS = 3
_LEASE = timedelta(minutes=5)
_CLAIM = """
UPDATE forms_reading SET attempts = attempts + 1, not_before = %s WHERE document_id IN (
    SELECT document_id FROM forms_reading WHERE not_before <= %s ORDER BY not_before LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING document_id, attempts
"""

logger = logging.getLogger(__name__)


def read_waiting(now: datetime) -> int:
    """Read one upload that waits; 1 when there was one. Not inside a transaction.

    It is claimed for five minutes before it is read, so that a crash costs it one attempt; after three it is left to
    people.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_CLAIM, (now + _LEASE, now))
        claimed = cursor.fetchone()
    if claimed is None:
        return 0
    document, attempts = claimed
    row = FormDocument.objects.filter(id=document).first()
    if row is not None:
        _read(row, attempts)
    return 1


def read_document(content: bytes, media_type: str, reader: str) -> Reading:
    """What a document says, by one of the readers of `materials.yaml`.

    Raises:
        KeyError: there is no such reader, or no text reader is installed.
    """
    find_lines: TextReader = text_readers["ocr"]
    return extract(reader, [(line.text, line.confidence) for line in find_lines(content, media_type)])


def _read(row: FormDocument, attempts: int) -> None:
    material = find_material(row.material)
    if material is None or material.reader == "none":
        _settle(row.id, None)
        return
    try:
        reading = read_document(read_sealed(row.id), row.media_type, material.reader)
    except Exception:  # an engine and its codecs: one strange file must not stop the others
        logger.exception("reading failed: %s", row.id)
        if attempts >= _MOST_ATTEMPTS:
            _settle(row.id, None)
        return
    _settle(row.id, reading if reading.fields else None)


def _settle(document: UUID, reading: Reading | None) -> None:
    with transaction.atomic():
        columns: dict[str, object] = {"state": "unreadable" if reading is None else "read"}
        if reading is not None:
            columns["reading_sealed"] = keyring().seal(to_json(asdict(reading)), row=document, field=READING)
        FormDocument.objects.filter(id=document).update(**columns)
        ReadingJob.objects.filter(document_id=document).delete()
