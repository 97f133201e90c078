"""Search, on the index of this machine."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from zhicheng.core.knowledge.gate import KnowledgeIndex
from zhicheng.core.knowledge.values import Hit, IndexState, SearchQuery


def search(query: SearchQuery) -> list[Hit]:
    """The documents that answer a question, best first: in force on its day, for its place and audience.

    Nothing while there is no index: `get_index_state` tells that from a question without an answer.
    """
    return knowledge_index().search(query)


def get_index_state() -> IndexState:
    """Whether this process can search."""
    figures = knowledge_index().figures()
    if figures is None:
        return IndexState("missing")
    return IndexState("ready" if figures.documents else "empty", figures)


def index_folder() -> Path:
    """Where the index of this machine is."""
    return Path(settings.HOME) / "index"


def knowledge_index() -> KnowledgeIndex:
    """The index as this process sees it."""
    return _opened(index_folder())


@lru_cache(maxsize=4)
def _opened(folder: Path) -> KnowledgeIndex:
    return KnowledgeIndex.open(folder)
