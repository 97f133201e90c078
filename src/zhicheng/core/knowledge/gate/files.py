"""The files of an index: `current.json` names the valid part and generation; everything else can be thrown away.

A part holds what grows (two inverted indexes, the texts) and a folder for the valid generation (catalogue, vectors,
where each text stands). What was half written is never named by `current.json`; the next writing does it again.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from zhicheng.core.inference.values import Embedder
from zhicheng.core.knowledge.gate.catalogue import EMPTY, Catalogue
from zhicheng.core.knowledge.gate.lexical import LexicalIndex
from zhicheng.core.knowledge.gate.reading import (
    Prepared,
    answer_sentences,
    passage_entries,
    whole_text,
    wording_entries,
)
from zhicheng.core.knowledge.gate.texts import TextTable
from zhicheng.core.knowledge.gate.vectors import VectorTable
from zhicheng.core.knowledge.values import IndexBasis
from zhicheng.engines.text import aspects
from zhicheng.engines.text.questions import plain

_CURRENT = "current.json"
_FORMAT = 5
_HEAD_WEIGHT = 0.6
_AT_ONCE = 2_048  # texts whose vectors are made together
_MOST_ANSWER_VECTORS = 60_000  # beyond that the sentences of further answers are found by their words only


@dataclass(frozen=True)
class Generation:
    """All that a search reads, as of one moment. `name` changes with every writing."""

    name: str
    basis: IndexBasis
    passages: LexicalIndex
    wordings: LexicalIndex
    catalogue: Catalogue
    texts: TextTable
    wording_vectors: VectorTable
    answer_vectors: VectorTable
    aspects: VectorTable


@dataclass(frozen=True)
class Change:
    """Documents to put in or replace, codes to take out, and what the index rests on then."""

    documents: Sequence[Prepared]
    removed: Sequence[str] = ()
    basis: IndexBasis = field(default_factory=IndexBasis)


class IndexFiles:
    """Reads and writes an index folder. One process at a time may write; the caller sees to that."""

    def __init__(self, folder: Path, embedder: Embedder | None) -> None:
        self.folder = folder
        self._embedder = embedder

    def current_name(self) -> str:
        """The name of the valid generation; empty where there is none for this format and embedder."""
        current = self._current()
        return str(current["generation"]) if current else ""

    def current_basis(self) -> IndexBasis | None:
        """What the valid generation rests on; None where there is none."""
        current = self._current()
        return IndexBasis(str(current["uid"]), int(str(current["revision"]))) if current else None

    def read(self) -> Generation | None:
        """The valid generation, or None.

        Raises:
            OSError: files that it needs are missing.
            ValueError: files that it needs cannot be read.
        """
        current = self._current()
        if not current:
            return None
        basis = IndexBasis(str(current["uid"]), int(str(current["revision"])))
        return self._opened(self.folder / str(current["part"]), str(current["generation"]), basis)

    def _opened(self, part: Path, name: str, basis: IndexBasis) -> Generation:
        """A generation as it lies in its files, which the processes that read it share."""
        own = part / name
        return Generation(
            name,
            basis,
            LexicalIndex(part / "passages", head_weight=_HEAD_WEIGHT),
            LexicalIndex(part / "wordings"),
            Catalogue.from_json((own / "catalogue.json").read_text(encoding="utf-8")),
            TextTable.read(part / "texts.u16", np.load(own / "spans.npy", allow_pickle=False)),
            VectorTable.read(own / "wordings.npz"),
            VectorTable.read(own / "answers.npz"),
            VectorTable.read(own / "aspects.npz"),
        )

    def start(self, change: Change) -> Generation:
        """A new part that holds only what `change` brings; earlier parts go when it is valid."""
        number = self._next_number()
        part = self.folder / f"part-{number}"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        none = VectorTable.empty(self._embedder.dimensions if self._embedder else 0)
        base = Generation(
            "",
            change.basis,
            LexicalIndex(part / "passages", head_weight=_HEAD_WEIGHT),
            LexicalIndex(part / "wordings"),
            EMPTY,
            TextTable.empty(part / "texts.u16"),
            none,
            none,
            VectorTable.empty(aspects.COUNT),
        )
        return self._write(part, base, change, number)

    def change(self, base: Generation, change: Change) -> Generation:
        """The generation after `base`, which must be the valid one."""
        current = self._current()
        return self._write(self.folder / str(current["part"]), base, change, self._next_number())

    def _write(self, part: Path, base: Generation, change: Change, number: int) -> Generation:
        changed = _changed(base, change, self._embedder)
        generation = replace(changed, name=f"{number}-{change.basis.revision}")
        own = part / generation.name
        own.mkdir(exist_ok=True)
        (own / "catalogue.json").write_text(generation.catalogue.to_json(), encoding="utf-8")
        np.save(own / "spans.npy", generation.texts.spans)
        generation.wording_vectors.write(own / "wordings.npz")
        generation.answer_vectors.write(own / "answers.npz")
        generation.aspects.write(own / "aspects.npz")
        self._publish(part, generation)
        return self._opened(part, generation.name, change.basis)

    def _publish(self, part: Path, generation: Generation) -> None:
        """From here on readers see it; then what no reader will ask for again is thrown away."""
        embedder = self._embedder.name if self._embedder else ""
        current = {
            "format": _FORMAT,
            "embedder": embedder,
            "part": part.name,
            "generation": generation.name,
            **asdict(generation.basis),
        }
        draft = self.folder / f".{_CURRENT}"
        draft.write_text(json.dumps(current), encoding="utf-8")
        draft.replace(self.folder / _CURRENT)
        keep = {part, part / "passages", part / "wordings", part / generation.name}
        for path in (*self.folder.glob("part-*"), *part.iterdir()):
            if path.is_dir() and path not in keep:
                shutil.rmtree(path, ignore_errors=True)

    def _current(self) -> dict[str, object]:
        found = self._found()
        embedder = self._embedder.name if self._embedder else ""
        is_ours = found.get("format") == _FORMAT and found.get("embedder") == embedder
        return found if is_ours else {}

    def _next_number(self) -> int:
        number = str(self._found().get("generation", "")).partition("-")[0]
        return int(number) + 1 if number.isdigit() else 1

    def _found(self) -> dict[str, object]:
        """What `current.json` says; nothing where it is missing or spoilt."""
        try:
            found = json.loads((self.folder / _CURRENT).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


def _changed(base: Generation, change: Change, embedder: Embedder | None) -> Generation:
    """`base` with the change in every part of it; the inverted indexes and the texts are written."""
    known = base.catalogue.lines
    codes = (*change.removed, *(prepared.document.code for prepared in change.documents))
    gone = [known[code].number for code in codes if code in known]
    catalogue = base.catalogue.changed(change.documents, change.removed)
    pairs = [(prepared, catalogue.lines[prepared.document.code].number) for prepared in change.documents]
    base.passages.write((entry for one, at in pairs for entry in passage_entries(one, at)), gone)
    base.wordings.write((entry for one, at in pairs for entry in wording_entries(one, at)), gone)
    wordings, answers = _vectors(pairs, embedder, room=_MOST_ANSWER_VECTORS - len(base.answer_vectors.numbers))
    rows = ((number, *whole_text(prepared)) for prepared, number in pairs)
    return replace(
        base,
        basis=change.basis,
        catalogue=catalogue,
        texts=base.texts.changed(rows, catalogue.size),
        wording_vectors=base.wording_vectors.changed(gone, wordings),
        answer_vectors=base.answer_vectors.changed(gone, answers),
        aspects=base.aspects.changed(gone, _aspects(pairs)),
    )


def _vectors(
    pairs: Sequence[tuple[Prepared, int]], embedder: Embedder | None, *, room: int
) -> tuple[VectorTable, VectorTable]:
    """Vectors of the wordings and of the sentences of short answers."""
    if embedder is None:
        return VectorTable.empty(0), VectorTable.empty(0)
    short = [(number, place, text) for one, number in pairs for place, text in enumerate(map(plain, one.wordings))]
    answers = [(number, place, text) for one, number in pairs for place, text in enumerate(answer_sentences(one))]
    return _embedded(short, embedder), _embedded(answers[: max(0, room)], embedder)


def _embedded(rows: Sequence[tuple[int, int, str]], embedder: Embedder) -> VectorTable:
    """Vectors of (document number, place, text), made some at a time: as they are made they take twice their room."""
    vectors = np.empty((len(rows), embedder.dimensions), np.float16)
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        vectors[start : start + len(some)] = embedder.embed([text for _, _, text in some])
    return VectorTable.of([row[:2] for row in rows], vectors)


def _aspects(pairs: Sequence[tuple[Prepared, int]]) -> VectorTable:
    """Of each document which sides of its matter the title asks about (place 0) and the other wordings (place 1)."""
    rows = [(number, place) for _, number in pairs for place in (0, 1)]
    found = [aspects.profile(one.document.title, one.document.also) for one, _ in pairs]
    return VectorTable.of(rows, np.concatenate(found)) if found else VectorTable.empty(aspects.COUNT)
