"""Following a rotation of the personal-data key: drafts, submissions, readings and files under the current key."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from zhicheng.core.forms.errors import MaterialNotFound
from zhicheng.core.forms.gate.files import read_sealed, write_sealed
from zhicheng.core.forms.gate.sealing import CONTENT, READING
from zhicheng.core.forms.models import FormDocument, FormDraft, FormSubmission
from zhicheng.core.parties.public import keyring

_Rows = QuerySet[Any]


def reseal_forms(current: int, batch: int) -> int:
    """Seal up to `batch` rows of each kind anew; how many are still under another key.

    Raises:
        PersonalDataUnreadable: an old key is missing.
    """
    with transaction.atomic():
        for draft in _locked(FormDraft, current, batch):
            FormDraft.objects.filter(id=draft.id).update(content_sealed=_again(draft), key_id=current)
        for submission in _locked(FormSubmission, current, batch):
            sealed = _again(submission) if submission.content_sealed is not None else None
            FormSubmission.objects.filter(id=submission.id).update(content_sealed=sealed, key_id=current)
        for document in _locked(FormDocument, current, max(batch // 10, 1)):
            _reseal_document(document, current)
    return sum(model.objects.filter(_other(current)).count() for model in (FormDraft, FormSubmission, FormDocument))


def _reseal_document(document: FormDocument, current: int) -> None:
    reading = None
    if document.reading_sealed is not None:
        plain = keyring().open_bytes(bytes(document.reading_sealed), row=document.id, field=READING)
        reading = keyring().seal_bytes(plain, row=document.id, field=READING)
    with suppress(MaterialNotFound):  # a file that is lost must not keep the old key for ever; doctor reports it
        write_sealed(document.id, read_sealed(document.id))
    FormDocument.objects.filter(id=document.id).update(reading_sealed=reading, key_id=current)


def _again(row: FormDraft | FormSubmission) -> bytes:
    plain = keyring().open_bytes(bytes(row.content_sealed or b""), row=row.id, field=CONTENT)
    return keyring().seal_bytes(plain, row=row.id, field=CONTENT)


def _locked(model: type[Model], current: int, batch: int) -> Iterator[Any]:
    rows: _Rows = model._default_manager.select_for_update(skip_locked=True).filter(_other(current))
    yield from rows.order_by("id")[:batch]


def _other(current: int) -> Q:
    """Not the current key, written as two ranges so that the index serves it."""
    return Q(key_id__lt=current) | Q(key_id__gt=current)
