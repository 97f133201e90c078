"""The index of this machine: follow the documents, or make it anew. One process at a time writes."""

import ctypes
import fcntl
import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import structlog
from django.db import Error, connection

from zhicheng.core.knowledge.gate import KnowledgeIndex
from zhicheng.core.knowledge.models import Document, KnowledgeBase
from zhicheng.core.knowledge.queries.documents import read_documents
from zhicheng.core.knowledge.queries.searching import index_folder, knowledge_index
from zhicheng.core.knowledge.values import IndexFigures
from zhicheng.kit.errors import ZhichengError

_FAULTS = (Error, ZhichengError, OSError, ValueError, LookupError)  # the next round tries again
_log = structlog.get_logger(__name__)
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


def keep_index(now: datetime) -> int:
    """Begin `refresh_index` in a thread of its own, unless one is at it. Always 0.

    Making an index takes minutes, and no other duty of the worker shall wait for it.
    """
    if _keeper.is_free():
        _keeper.begin(now)
    return 0


def rebuild_index() -> IndexFigures:
    """Make the index anew from the documents; searches use the former one until it is complete."""
    KnowledgeBase.objects.get_or_create(id=1)
    with _writing(index_folder(), wait=True):
        return _rebuild(knowledge_index(), KnowledgeBase.objects.get(id=1))


class _Keeper:
    """The one thread of this process that refreshes the index."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None

    def is_free(self) -> bool:
        return self._thread is None or not self._thread.is_alive()

    def begin(self, now: datetime) -> None:
        self._thread = threading.Thread(target=self._refresh, args=(now,), name="knowledge-index", daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> None:
        if self._thread is not None:
            self._thread.join(seconds)

    def _refresh(self, now: datetime) -> None:
        try:
            if refresh_index(now):
                _give_back_memory()
        except _FAULTS:
            _log.exception("index not refreshed, trying again")
        finally:
            connection.close()


def _give_back_memory() -> None:
    """Making an index takes hundreds of MiB for a minute; glibc would keep them for a process that runs for months."""
    gc.collect()
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


_keeper = _Keeper()


def _follow(base: KnowledgeBase, index: KnowledgeIndex) -> int:
    held = index.basis()
    if held is None or held.uid != str(base.uid) or held.revision > base.revision:
        return _rebuild(index, base).documents
    if held.revision == base.revision:
        return 0
    news = Document.objects.filter(revision__gt=held.revision, revision__lte=base.revision)
    if news.count() > _MOST_AT_ONCE:
        return _rebuild(index, base).documents
    removed = list(news.filter(is_removed=True).values_list("code", flat=True))
    changed = list(read_documents(news.filter(is_removed=False)))
    index.update(changed, removed, revision=base.revision)
    return len(changed) + len(removed)


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
