"""The index of this machine: follow the documents, or make it anew. One process at a time writes."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db.models import QuerySet

from zhicheng.core.knowledge.gate import KnowledgeIndex
from zhicheng.core.knowledge.models import Document, KnowledgeBase
from zhicheng.core.knowledge.queries.documents import read_documents
from zhicheng.core.knowledge.queries.searching import index_folder, knowledge_index
from zhicheng.core.knowledge.values import IndexBasis, IndexFigures

_MOST_AT_ONCE = 2000  # changed documents; beyond that the index is made anew


def refresh_index(_now: datetime | None = None) -> int:
    """Bring the index up to the documents; how many documents it took over, 0 when another process is at it.

    Without an index, or with one of other documents or of another embedder, it is made anew.
    """
    base = KnowledgeBase.objects.filter(id=1).first()
    if base is None:
        return 0
    with _writing(index_folder(), wait=False) as is_ours:
        return _follow(base, knowledge_index()) if is_ours else 0


def is_index_to_be_made() -> bool:
    """Whether `refresh_index` would make a whole index, which takes minutes and hundreds of MiB."""
    base = KnowledgeBase.objects.filter(id=1).first()
    return base is not None and not _is_followed(base, knowledge_index())


def rebuild_index() -> IndexFigures:
    """Make the index anew from the documents; searches use the former one until it is complete."""
    KnowledgeBase.objects.get_or_create(id=1)
    with _writing(index_folder(), wait=True):
        return _rebuild(knowledge_index(), KnowledgeBase.objects.get(id=1))


def _follow(base: KnowledgeBase, index: KnowledgeIndex) -> int:
    if not _is_followed(base, index):
        return _rebuild(index, base).documents
    if index.basis() == IndexBasis(str(base.uid), base.revision):
        return 0
    news = _news(base, index)
    removed = list(news.filter(is_removed=True).values_list("code", flat=True))
    changed = list(read_documents(news.filter(is_removed=False)))
    index.update(changed, removed, revision=base.revision)
    return len(changed) + len(removed)


def _is_followed(base: KnowledgeBase, index: KnowledgeIndex) -> bool:
    """Whether the index is one of these documents, and not far behind them."""
    held = index.basis()
    if held is None or held.uid != str(base.uid) or held.revision > base.revision:
        return False
    return held.revision == base.revision or _news(base, index).count() <= _MOST_AT_ONCE


def _news(base: KnowledgeBase, index: KnowledgeIndex) -> QuerySet[Document]:
    held = index.basis() or IndexBasis()
    return Document.objects.filter(revision__gt=held.revision, revision__lte=base.revision)


def _rebuild(index: KnowledgeIndex, base: KnowledgeBase) -> IndexFigures:
    documents = read_documents(Document.objects.filter(is_removed=False, revision__lte=base.revision))
    return index.rebuild(documents, uid=str(base.uid), revision=base.revision)


@contextmanager
def _writing(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Whether this process may write, which ends with the block or with the process."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
