"""The knowledge index: build it from documents, keep it up to date, ask it. Safe to be asked from many threads."""

import threading
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from zhicheng.core.inference.values import Embedder
from zhicheng.core.knowledge.gate.files import Change, Generation, IndexFiles
from zhicheng.core.knowledge.gate.reading import prepare
from zhicheng.core.knowledge.gate.searching import Searcher, find
from zhicheng.core.knowledge.values import DocumentText, Hit, IndexBasis, IndexFigures, SearchQuery
from zhicheng.engines.text.matching import decode
from zhicheng.engines.text.questions import NO_SAYINGS, Sayings
from zhicheng.engines.text.spelling import Speller

_CHECK_EVERY_S = 1.0
_MOST_READ = 20_000  # documents whose wordings teach how words are spelled


class KnowledgeIndex:
    """An index in a folder, as this process sees it; what another process wrote is seen within a second."""

    def __init__(self, folder: Path, embedder: Embedder | None = None) -> None:
        self._files = IndexFiles(folder, embedder)
        self._embedder = embedder
        self._lock = threading.Lock()
        self._generation: Generation | None = None
        self._checked_at_s = float("-inf")
        self._speller: Speller | None = None

    @classmethod
    def open(cls, folder: Path, *, embedder: Embedder | None = None) -> "KnowledgeIndex":
        """The index in a folder; it may be missing, and may appear later."""
        return cls(folder, embedder)

    @classmethod
    def build(
        cls, folder: Path, documents: Iterable[DocumentText], *, embedder: Embedder | None = None
    ) -> "KnowledgeIndex":
        """A new index of exactly these documents, in place of what the folder held once it is complete."""
        index = cls(folder, embedder)
        index.rebuild(documents)
        return index

    def rebuild(self, documents: Iterable[DocumentText], *, uid: str = "", revision: int = 0) -> IndexFigures:
        """As `build`, for an open index."""
        self._files.folder.mkdir(parents=True, exist_ok=True)
        change = Change([prepare(document) for document in documents], basis=IndexBasis(uid, revision))
        return self._see(self._files.start(change))

    def update(
        self, changed: Iterable[DocumentText], removed: Iterable[str] = (), *, revision: int = 0
    ) -> IndexFigures:
        """Put documents in or replace them, take others out; what is unknown is not missed.

        Raises:
            LookupError: there is no index yet.
        """
        base = self._files.read()
        if base is None:
            raise LookupError(f"no index in {self._files.folder}")
        basis = IndexBasis(base.basis.uid, revision)
        change = Change([prepare(document) for document in changed], tuple(removed), basis)
        return self._see(self._files.change(base, change))

    def search(self, query: SearchQuery, sayings: Sayings = NO_SAYINGS) -> list[Hit]:
        """The documents that answer a question, best first; none while there is no index."""
        generation = self._current()
        return [] if generation is None else find(generation, query, Searcher(self._embedder, sayings))

    def spell(self, text: str) -> str:
        """A text with its pinyin in the words of the documents' titles and other wordings.

        They are read when the first one in pinyin comes, once a process; what is new since is spelled by other words.
        """
        generation = self._current()
        if self._speller is None and generation is not None and generation.catalogue.lines:
            self._speller = Speller.reading(_wordings(generation))
        return self._speller.spell(text) if self._speller else text

    def basis(self) -> IndexBasis | None:
        """What the index in the folder rests on; None while there is none."""
        return self._files.current_basis()

    def figures(self) -> IndexFigures | None:
        """What the index holds; None while there is none."""
        generation = self._current()
        return None if generation is None else self._figures(generation)

    def _figures(self, generation: Generation) -> IndexFigures:
        lines = generation.catalogue.lines.values()
        return IndexFigures(
            documents=len(lines),
            passages=sum(line.passages for line in lines),
            wordings=sum(line.wordings for line in lines),
            revision=generation.basis.revision,
            embedder=self._embedder.name if self._embedder else "",
        )

    def _current(self) -> Generation | None:
        if time.monotonic() - self._checked_at_s < _CHECK_EVERY_S:
            return self._generation
        with self._lock:
            known = self._generation.name if self._generation else ""
            if self._files.current_name() != known:
                self._generation = self._read()
            self._checked_at_s = time.monotonic()
        return self._generation

    def _read(self) -> Generation | None:
        """The valid generation; the one we have while a writer is just replacing it."""
        try:
            return self._files.read()
        except (OSError, ValueError):
            return self._generation

    def _see(self, generation: Generation) -> IndexFigures:
        with self._lock:
            self._generation = generation
            self._checked_at_s = time.monotonic()
        return self._figures(generation)


def _wordings(generation: Generation) -> Iterator[str]:
    for number in islice(generation.catalogue.codes, _MOST_READ):
        yield decode(generation.texts.title(number))
        yield from decode(generation.texts.others(number)).splitlines()
