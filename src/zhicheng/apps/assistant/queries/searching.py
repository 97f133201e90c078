"""Asking the knowledge of the city."""

from zhicheng.apps.assistant.errors import NotReady
from zhicheng.apps.assistant.values import Ask
from zhicheng.core.knowledge.public import get_index_state, search
from zhicheng.core.knowledge.values import Hit, SearchQuery

_LIMIT = 8


def find(text: str, ask: Ask, *, kinds: tuple[str, ...] = ()) -> list[Hit]:
    """What may answer a question, the best first, as it is valid on the day.

    Raises:
        NotReady: nothing can be searched yet.
    """
    query = SearchQuery(text, ask.today, region=ask.region, audience=ask.audience, kinds=kinds, limit=_LIMIT)
    hits = search(query)
    if not hits and not get_index_state().is_ready:
        raise NotReady()
    return hits
