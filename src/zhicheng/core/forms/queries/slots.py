"""Materials of an application as slots: have it, reuse it, or upload it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from zhicheng.core.forms.errors import MaterialNotFound
from zhicheng.core.forms.gate.files import read_sealed
from zhicheng.core.forms.gate.owning import owner_keys
from zhicheng.core.forms.models import FormDocument
from zhicheng.core.forms.policy.conditions import conditioned, is_needed
from zhicheng.core.forms.queries.documents import document_value, list_documents
from zhicheng.core.forms.queries.materials import find_material
from zhicheng.core.forms.registry import holdings
from zhicheng.core.forms.values import Document, Draft, HeldMaterial, MaterialNeed, MaterialType, Owner, Slot


def material_slots(
    draft: Draft,
    *,
    party: UUID | None,
    now: datetime,
    needs: Sequence[MaterialNeed] | None = None,
    every: bool = False,
) -> list[Slot]:
    """A slot for every material that the answers ask for, with what the city already holds of this party.

    `needs` are the materials asked for: the form's own unless given. A material named twice (by two items of a
    theme) has one slot, required when one of them requires it. `every`: also what the answers so far do not ask for.
    """
    asked = conditioned(draft.form.materials if needs is None else needs, draft.form)
    wanted = [one for one in asked if every or is_needed(one, draft.form, draft.values)]
    once = {need.material: need for need in sorted(wanted, key=lambda need: need.required)}
    order = list(dict.fromkeys(need.material for need in wanted))
    documents = list_documents(draft=draft.id)
    offered = list_held(party, order, now) if party else []
    return [_slot(draft, once[code], documents, offered) for code in order]


def list_held(party: UUID, materials: Iterable[str], now: datetime) -> list[HeldMaterial]:
    """What the city holds of a party that can serve as these materials, from every provider."""
    wanted = list(materials)
    return [held for provider in holdings for held in provider(party, wanted, now) if held.material in wanted]


def find_held(party: UUID, material: str, provider: str, ref: str, now: datetime) -> HeldMaterial | None:
    """One thing that the city holds, asked anew: what a page says is not believed."""
    found = list_held(party, [material], now)
    return next((held for held in found if held.provider == provider and held.ref == ref), None)


def get_document(document: UUID, *, owner: Owner) -> tuple[Document, bytes]:
    """One's own upload with its bytes, also after it was submitted.

    Raises:
        MaterialNotFound: none with this id that is this owner's.
    """
    row = FormDocument.objects.filter(id=document, owner__in=owner_keys(owner)).first()
    if row is None:
        raise MaterialNotFound()
    return document_value(row), read_sealed(row.id)


def read_document_of(submission: UUID, document: UUID) -> tuple[Document, bytes]:
    """An upload of a submission with its bytes. Check first that the reader may see what the submission led to.

    Raises:
        MaterialNotFound: the submission has none with this id.
    """
    row = FormDocument.objects.filter(id=document, submission_id=submission).first()
    if row is None:
        raise MaterialNotFound()
    return document_value(row), read_sealed(row.id)


def _slot(draft: Draft, need: MaterialNeed, documents: Sequence[Document], offered: Sequence[HeldMaterial]) -> Slot:
    material = find_material(need.material) or MaterialType(need.material, need.material, "document")
    mine = tuple(one for one in documents if one.material == need.material)
    choices = tuple(one for one in offered if one.material == need.material)
    chosen = draft.held.get(need.material)
    state, words = _state(need, mine, choices, chosen)
    return Slot(material, need, state, words, mine, choices, chosen)


def _state(
    need: MaterialNeed, mine: Sequence[Document], choices: Sequence[HeldMaterial], chosen: HeldMaterial | None
) -> tuple[str, str]:
    if chosen is not None:
        return "have", f"直接使用：{chosen.label}（{chosen.source}）"
    if any(one.state == "waiting" for one in mine):
        return "waiting", f"已上传 {len(mine)} 个文件，正在核对。"
    if mine:
        unread = any(one.state == "unreadable" for one in mine)
        return "have", f"已上传 {len(mine)} 个文件" + ("，文字没有认出来，由工作人员核对。" if unread else "。")
    if choices:
        return "missing", f"可以直接使用：{choices[0].label}（{choices[0].source}），不用上传。"
    if not need.required:
        return "optional", need.note or "没有可以不交。"
    return "missing", need.note or "请上传照片或 PDF，每个不超过 10 MB。"
