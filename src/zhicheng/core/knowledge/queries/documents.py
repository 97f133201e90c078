"""Documents as their sources gave them, and what can be quoted of them."""

from collections.abc import Iterator

from django.db.models import QuerySet

from zhicheng.core.knowledge.models import Document, Passage
from zhicheng.core.knowledge.values import DocumentText

_AT_ONCE = 500


def get_document(code: str) -> DocumentText | None:
    """A document with its passages as sections; None where no source gives it any more."""
    return next(read_documents(Document.objects.filter(code=code, is_removed=False)), None)


def list_documents(*, source_code: str = "", kind: str = "") -> list[DocumentText]:
    """The documents of one source or of one kind, by code."""
    rows = Document.objects.filter(is_removed=False)
    if source_code:
        rows = rows.filter(provider=source_code)
    if kind:
        rows = rows.filter(kind=kind)
    return list(read_documents(rows))


def read_documents(rows: QuerySet[Document]) -> Iterator[DocumentText]:
    """Rows as values, a batch in memory at a time."""
    batch: list[Document] = []
    for row in rows.order_by("code").iterator(chunk_size=_AT_ONCE):
        batch.append(row)
        if len(batch) == _AT_ONCE:
            yield from _values(batch)
            batch = []
    yield from _values(batch)


def _values(batch: list[Document]) -> Iterator[DocumentText]:
    sections: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for passage in Passage.objects.filter(document__in=batch).order_by("document", "place"):
        sections.setdefault(passage.document_id, []).append((tuple(passage.heading), passage.text))
    for row in batch:
        yield DocumentText(
            code=row.code,
            kind=row.kind,
            title=row.title,
            also=tuple(row.also),
            sections=tuple(sections.get(row.code, ())),
            source=row.source,
            link=row.link,
            audience=tuple(row.audience),
            region=row.region,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            refs={name: tuple(codes) for name, codes in row.refs.items()},
        )
