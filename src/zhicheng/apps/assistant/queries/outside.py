"""Questions that the city's services do not answer, told by what they are alike."""

from dataclasses import dataclass
from functools import lru_cache

import structlog

from zhicheng.apps.assistant.values import Outside, Terms
from zhicheng.core.inference.errors import ModelFailed
from zhicheng.core.inference.public import get_embedder
from zhicheng.core.inference.values import Vectors
from zhicheng.core.packs.public import current_pack
from zhicheng.engines.text.questions import places_in, plain_question, read_question

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Nearest:
    """The class of the example nearest to a question, and their cosine."""

    label: str
    alike: float


def nearest_outside(text: str, terms: Terms) -> Nearest | None:
    """None where the pack gives no examples that fit, or meaning cannot be compared now."""
    asked = plain_question(text)
    fitting = terms.outside if _names_elsewhere(asked) else tuple(each for each in terms.outside if not each.elsewhere)
    if not fitting:
        return None
    embedder = get_embedder()
    try:
        labels, examples = _examples(embedder.name, fitting)
        alike = examples @ embedder.embed([asked])[0]
    except ModelFailed as error:
        _log.warning("not compared with what is outside", embedder=embedder.name, outcome=error.data["outcome"])
        return None
    best = int(alike.argmax())
    return Nearest(labels[best], float(alike[best]))


def _names_elsewhere(asked: str) -> bool:
    """Whether a question names a place beside the city, at the beginning of a longer word, too: 美国签证."""
    city = current_pack().name.removesuffix("市")
    beginnings = " ".join(word[:2] for word in read_question(asked).words)
    return any(place != city for place in (*places_in(asked), *places_in(beginnings)))


@lru_cache(maxsize=4)
def _examples(_embedder: str, outside: tuple[Outside, ...]) -> tuple[list[str], Vectors]:
    pairs = [(each.label, example) for each in outside for example in each.asked]
    return [label for label, _ in pairs], get_embedder().embed([plain_question(example) for _, example in pairs])
