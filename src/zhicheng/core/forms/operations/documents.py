"""Materials of a draft: uploaded, removed, or reused from what the city already holds."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhicheng.core.forms.errors import MaterialNotFound, MaterialRefused
from zhicheng.core.forms.gate.files import check_file, material_path, write_sealed
from zhicheng.core.forms.gate.owning import owner_keys
from zhicheng.core.forms.gate.sealing import draft_value
from zhicheng.core.forms.models import FormDocument, FormDraft, ReadingJob
from zhicheng.core.forms.operations.drafts import lock_draft, store_draft
from zhicheng.core.forms.queries.documents import document_value
from zhicheng.core.forms.queries.drafts import get_draft
from zhicheng.core.forms.queries.materials import find_material
from zhicheng.core.forms.queries.slots import find_held
from zhicheng.core.forms.values import Document, Draft, NewDocument, Owner
from zhicheng.kit.ids import uuid7

MOST_A_MATERIAL, MOST_A_DRAFT = 9, 40


def add_document(new: NewDocument, *, owner: Owner, now: datetime) -> Document:
    """Keep an upload for one's own draft; where its material has a reader, it is read in the background.

    One upload serves every item of a theme, because they share the draft.

    Raises:
        DraftNotFound: none with this id that is this owner's and has not expired.
        MaterialRefused: no such material, or too many files.
        FileRefused, FileTooLarge: neither a photo that can be read nor a PDF, or more than 10 MB.
    """
    draft, material = get_draft(new.draft, owner=owner, now=now), find_material(new.material)
    if material is None:
        raise MaterialRefused(why="没有这种材料，请刷新页面后再上传。")
    file, document = check_file(new.name, new.content), uuid7(now)
    key_id = write_sealed(document, file.content)  # before the row: a row never names a file that is not there
    with transaction.atomic():
        FormDraft.objects.select_for_update().filter(id=draft.id).first()  # two uploads are counted one by one
        _check_room(draft.id, new.material)
        is_read = material.reader != "none"
        row = FormDocument.objects.create(
            id=document,
            owner=owner.key,
            draft=draft.id,
            material=new.material,
            name=file.name,
            media_type=file.media_type,
            size_bytes=len(file.content),
            key_id=key_id,
            state="waiting" if is_read else "none",
            created_at=now,
        )
        if is_read:
            ReadingJob.objects.create(document=row, not_before=now)
    return document_value(row)


def remove_document(document: UUID, *, owner: Owner) -> None:
    """Take an upload out of one's own draft, bytes too.

    Raises:
        MaterialNotFound: none with this id that is this owner's and not yet submitted.
    """
    rows = FormDocument.objects.filter(id=document, owner__in=owner_keys(owner), submission__isnull=True)
    deleted, _ = rows.delete()
    if not deleted:
        raise MaterialNotFound()
    material_path(document).unlink(missing_ok=True)


def choose_held(held: tuple[str, str, str], *, draft: tuple[UUID, int], owner: Owner, now: datetime) -> Draft:
    """Reuse what the city holds: `held` is material, provider and reference, `draft` is id and version.

    Raises:
        MaterialNotFound: the city does not hold it (any more), or it is somebody else's.
        DraftNotFound: none with this id that is this owner's and has not expired.
        DraftChanged: it was saved elsewhere meanwhile.
    """
    material, provider, ref = held
    found = find_held(owner.party, material, provider, ref, now) if owner.party else None
    if found is None:
        raise MaterialNotFound()
    with transaction.atomic():
        row = lock_draft(*draft, owner=owner, now=now)
        value = draft_value(row)
        return store_draft(row, replace(value, held={**value.held, material: found}), now)


def drop_held(material: str, *, draft: tuple[UUID, int], owner: Owner, now: datetime) -> Draft:
    """Not reuse something after all; `draft` is id and version.

    Raises:
        DraftNotFound: none with this id that is this owner's and has not expired.
        DraftChanged: it was saved elsewhere meanwhile.
    """
    with transaction.atomic():
        row = lock_draft(*draft, owner=owner, now=now)
        value = draft_value(row)
        held = {code: one for code, one in value.held.items() if code != material}
        return store_draft(row, replace(value, held=held), now)


def _check_room(draft: UUID, material: str) -> None:
    rows = FormDocument.objects.filter(draft=draft)
    if rows.filter(material=material).count() >= MOST_A_MATERIAL:
        raise MaterialRefused(why=f"一种材料最多上传 {MOST_A_MATERIAL} 个文件，请先删去一个。")
    if rows.count() >= MOST_A_DRAFT:
        raise MaterialRefused(why=f"一份申请最多上传 {MOST_A_DRAFT} 个文件，请先删去几个。")
