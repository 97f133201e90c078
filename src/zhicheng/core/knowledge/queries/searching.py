"""Search, on the index of this machine."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from zhicheng.core.inference.public import get_embedder
from zhicheng.core.knowledge.gate import KnowledgeIndex
from zhicheng.core.knowledge.values import SYNONYMS, Hit, IndexState, SearchQuery
from zhicheng.core.packs.public import DefinitionUnknown, NoPackInstalled, current_definition, get_definition
from zhicheng.engines.text.questions import NO_SAYINGS, Sayings


def search(query: SearchQuery) -> list[Hit]:
    """The documents that answer a question, best first: in force on its day, for its place and audience.

    Nothing while there is no index: `get_index_state` tells that from a question without an answer.
    """
    return knowledge_index().search(query, _sayings())


def spell_out(text: str) -> str:
    """A text with its pinyin in the words that the documents use; as it is, where it has none."""
    return knowledge_index().spell(text)


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
    return KnowledgeIndex.open(folder, embedder=get_embedder())


def _sayings() -> Sayings:
    """What people say in this city, from the installed pack; nothing without one."""
    try:
        return _sayings_of(current_definition(SYNONYMS, SYNONYMS).hash)
    except (NoPackInstalled, DefinitionUnknown):
        return NO_SAYINGS


@lru_cache(maxsize=2)
def _sayings_of(digest: str) -> Sayings:
    return Sayings(get_definition(digest).body["pairs"])
