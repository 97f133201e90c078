"""The words of the installed pack, with the roads that there are, read once and kept."""

import threading
import time
from dataclasses import dataclass

from zhicheng.apps.twin.base.commands import source_of, with_synonyms
from zhicheng.apps.twin.registry import indicator_sources
from zhicheng.core.packs.public import DefinitionUnknown, NoPackInstalled, current_definition
from zhicheng.core.places.public import LayerEmpty, LayerUnknown, open_layer
from zhicheng.engines.commands.assembling import assemble
from zhicheng.engines.commands.indicators import Indicators
from zhicheng.engines.commands.tokens import Lexicon, make_lexicon
from zhicheng.engines.commands.vocabulary import Vocabulary
from zhicheng.engines.commands.wording import Wording

KIND = "commands"
RECHECK_S = 5.0
_NO_INDICATORS = Indicators()
_MOST_ROADS = 20_000


@dataclass(frozen=True)
class Words:
    """A vocabulary in every form that is needed."""

    lexicon: Lexicon
    wording: Wording
    indicators: Indicators = _NO_INDICATORS

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary itself."""
        return self.lexicon.vocabulary


class _Holder:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._words: Words | None = None
        self._key: tuple[str, int, tuple[str, ...]] = ("", 0, ())
        self._checked_s = 0.0

    def get(self) -> Words:
        words = self._words
        if words is not None and time.monotonic() - self._checked_s < RECHECK_S:
            return words
        with self._lock:
            key = _digest(), _roads_version(), tuple(source.version() for source in indicator_sources)
            if self._words is None or self._key != key:
                self._words, self._key = _read(), key
            self._checked_s = time.monotonic()
            return self._words

    def forget(self) -> None:
        self._words = None


_holder = _Holder()


def current_words() -> Words:
    """What can be said now; a city without a pack knows no words."""
    return _holder.get()


def forget_words() -> None:
    """Read them anew when asked next."""
    _holder.forget()


def _digest() -> str:
    try:
        return current_definition(KIND, KIND).hash
    except (DefinitionUnknown, NoPackInstalled):
        return ""


def _roads_version() -> int:
    try:
        return open_layer("road").version.version
    except (LayerUnknown, LayerEmpty):
        return 0


def _read() -> Words:
    try:
        body = current_definition(KIND, KIND).body
        vocabulary = assemble(source_of(body, _road_names()))
    except (DefinitionUnknown, NoPackInstalled):
        body, vocabulary = {"words": []}, Vocabulary(())
    indicators = with_synonyms(body["words"], (each for source in indicator_sources for each in source.known()))
    return Words(make_lexicon(vocabulary), Wording(vocabulary, indicators), indicators)


def _road_names() -> list[str]:
    try:
        names = open_layer("road").column("name").unique().to_pylist()
    except (LayerUnknown, LayerEmpty):
        return []
    return [name for name in names if name][:_MOST_ROADS]
