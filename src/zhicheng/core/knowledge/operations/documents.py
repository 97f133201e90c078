"""Documents: take over what a source gives; only what changed is written, and indexes hear of exactly that."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from zhicheng.core.knowledge.models import Document, Gathered, KnowledgeBase, Passage
from zhicheng.core.knowledge.policy import document_digest
from zhicheng.core.knowledge.registry import document_sources
from zhicheng.core.knowledge.values import DocumentText, PutFigures
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.engines.text.passages import cut_passages
from zhicheng.kit.ids import uuid7

_ACTOR = "system:knowledge"
_FIELDS = [
    "provider", "kind", "title", "also", "source", "link", "audience", "region", "valid_from", "valid_until", "refs",
    "digest", "revision", "is_removed",
]  # fmt: skip


def put_documents(
    source_code: str, documents: Iterable[DocumentText], *, now: datetime, is_complete: bool = True
) -> PutFigures:
    """Store the documents of a source; those it gave before and leaves out now are removed unless not `is_complete`.

    Of two documents with one code the last counts. Indexes follow within seconds, when the worker refreshes them.
    """
    given = {document.code: document for document in documents}
    digests = {code: document_digest(document) for code, document in given.items()}
    with transaction.atomic():
        base = _locked_base()
        known = dict(Document.objects.filter(provider=source_code, is_removed=False).values_list("code", "digest"))
        changed = [document for code, document in given.items() if known.get(code) != digests[code]]
        removed = sorted(set(known) - set(given)) if is_complete else []
        figures = PutFigures(len(changed), len(removed), len(given) - len(changed))
        if not changed and not removed:
            return figures
        base.revision += 1
        base.save()
        _store(source_code, changed, digests, base.revision)
        _mark_removed(removed, base.revision)
        data = {"changed": figures.changed, "removed": figures.removed, "revision": base.revision}
        subject = f"documents:{source_code}"
        record(Entry(uuid7(now), now, _ACTOR, "knowledge.documents_put", subject, data=data))
    return figures


def remove_documents(codes: Iterable[str], *, now: datetime) -> int:
    """Take documents out, whatever source gave them; how many there were."""
    with transaction.atomic():
        base = _locked_base()
        found = list(Document.objects.filter(code__in=list(codes), is_removed=False).values_list("code", flat=True))
        if found:
            base.revision += 1
            base.save()
            _mark_removed(found, base.revision)
            data = {"removed": len(found), "revision": base.revision}
            record(Entry(uuid7(now), now, _ACTOR, "knowledge.documents_removed", "documents", data=data))
    return len(found)


def gather_documents(now: datetime) -> int:
    """Take over the documents of every registered source whose state has changed; how many sources had."""
    seen = dict(Gathered.objects.values_list("provider", "state"))
    count = 0
    for code in document_sources.codes():
        source = document_sources[code]
        state = source.get_state()
        if seen.get(code) != state:
            put_documents(code, source.list_documents(), now=now)
            Gathered.objects.update_or_create(provider=code, defaults={"state": state})
            count += 1
    return count


def _locked_base() -> KnowledgeBase:
    KnowledgeBase.objects.get_or_create(id=1)
    return KnowledgeBase.objects.select_for_update().get(id=1)


def _store(source_code: str, documents: list[DocumentText], digests: dict[str, str], revision: int) -> None:
    rows = [
        Document(
            code=document.code,
            provider=source_code,
            kind=document.kind,
            title=document.title,
            also=document.also,
            source=document.source,
            link=document.link,
            audience=document.audience,
            region=document.region,
            valid_from=document.valid_from,
            valid_until=document.valid_until,
            refs=dict(document.refs),
            digest=digests[document.code],
            revision=revision,
        )
        for document in documents
    ]
    Document.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["code"], update_fields=_FIELDS
    )
    Passage.objects.filter(document__in=digests).filter(document__revision=revision).delete()
    passages = (
        Passage(document_id=document.code, place=place, heading=passage.heading, text=passage.text)
        for document in documents
        for place, passage in enumerate(cut_passages(document.sections))
    )
    Passage.objects.bulk_create(passages, batch_size=1000)


def _mark_removed(codes: list[str], revision: int) -> None:
    """The bare mark keeps nothing of what the document said."""
    Passage.objects.filter(document__in=codes).delete()
    Document.objects.filter(code__in=codes).update(
        is_removed=True, revision=revision, digest="", title="", also=[], source="", link="", refs={}
    )
