"""The files of an index: `current.json` names the valid part and generation; everything else can be thrown away.

A part holds two inverted indexes (passages, wordings) and, for each generation, the catalogue and the vectors. What was
half written is never named by `current.json`; the next writing takes it out or does it again.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from zhicheng.core.inference.values import Embedder
from zhicheng.core.knowledge.gate.catalogue import EMPTY, Catalogue
from zhicheng.core.knowledge.gate.lexical import LexicalIndex
from zhicheng.core.knowledge.gate.reading import Prepared, passage_entries, wording_entries
from zhicheng.core.knowledge.gate.vectors import VectorTable
from zhicheng.core.knowledge.values import IndexBasis
from zhicheng.engines.text.questions import plain

_CURRENT = "current.json"
_FORMAT = 1
_HEAD_WEIGHT = 0.6


@dataclass(frozen=True)
class Generation:
    """All that a search reads, as of one moment. `name` changes with every writing."""

    name: str
    basis: IndexBasis
    passages: LexicalIndex
    wordings: LexicalIndex
    catalogue: Catalogue
    vectors: VectorTable


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
        """The valid generation, or None."""
        current = self._current()
        if not current:
            return None
        part = self.folder / str(current["part"])
        name = str(current["generation"])
        return Generation(
            name,
            IndexBasis(str(current["uid"]), int(str(current["revision"]))),
            LexicalIndex(part / "passages", head_weight=_HEAD_WEIGHT),
            LexicalIndex(part / "wordings"),
            Catalogue.from_json((part / f"{name}.json").read_text(encoding="utf-8")),
            VectorTable.read(part / f"{name}.npz"),
        )

    def start(self, change: Change) -> Generation:
        """A new part that holds only what `change` brings; earlier parts go when it is valid."""
        number = self._next_number()
        part = self.folder / f"part-{number}"
        shutil.rmtree(part, ignore_errors=True)
        vectors = VectorTable.empty(self._embedder.dimensions if self._embedder else 0)
        passages = LexicalIndex(part / "passages", head_weight=_HEAD_WEIGHT)
        base = Generation("", change.basis, passages, LexicalIndex(part / "wordings"), EMPTY, vectors)
        return self._write(part, base, change, number)

    def change(self, base: Generation, change: Change) -> Generation:
        """The generation after `base`, which must be the valid one."""
        current = self._current() or {}
        return self._write(self.folder / str(current["part"]), base, change, self._next_number())

    def _write(self, part: Path, base: Generation, change: Change, number: int) -> Generation:
        catalogue = base.catalogue.changed(
            ((prepared.document, len(prepared.passages)) for prepared in change.documents), change.removed
        )
        numbers = [catalogue.lines[prepared.document.code].number for prepared in change.documents]
        known = base.catalogue.lines
        codes = (*change.removed, *(prepared.document.code for prepared in change.documents))
        gone = [known[code].number for code in codes if code in known]
        pairs = list(zip(change.documents, numbers, strict=True))
        vectors = base.vectors.changed(gone, self._vectors(pairs))
        base.passages.write((entry for one, at in pairs for entry in passage_entries(one, at)), gone)
        base.wordings.write((entry for one, at in pairs for entry in wording_entries(one, at)), gone)
        name = f"{number}-{change.basis.revision}"
        (part / f"{name}.json").write_text(catalogue.to_json(), encoding="utf-8")
        vectors.write(part / f"{name}.npz")
        self._publish(part, name, change.basis)
        return Generation(name, change.basis, base.passages, base.wordings, catalogue, vectors)

    def _vectors(self, pairs: Sequence[tuple[Prepared, int]]) -> VectorTable:
        if self._embedder is None:
            return VectorTable.empty(0)
        rows = [
            (number, place, plain(wording))
            for prepared, number in pairs
            for place, wording in enumerate(prepared.wordings)
        ]
        return VectorTable(
            np.array([row[0] for row in rows], np.int64),
            np.array([row[1] for row in rows], np.int64),
            self._embedder.embed([row[2] for row in rows]),
        )

    def _publish(self, part: Path, name: str, basis: IndexBasis) -> None:
        """From here on readers see it; then what no reader will ask for again is thrown away."""
        embedder = self._embedder.name if self._embedder else ""
        current = {"format": _FORMAT, "embedder": embedder, "part": part.name, "generation": name, **asdict(basis)}
        draft = self.folder / f".{_CURRENT}"
        draft.write_text(json.dumps(current), encoding="utf-8")
        draft.replace(self.folder / _CURRENT)
        for path in self.folder.glob("part-*"):
            if path != part:
                shutil.rmtree(path, ignore_errors=True)
        for path in (*part.glob("*.json"), *part.glob("*.npz")):
            if path.stem != name:
                path.unlink(missing_ok=True)

    def _current(self) -> dict[str, object]:
        try:
            found = json.loads((self.folder / _CURRENT).read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        embedder = self._embedder.name if self._embedder else ""
        is_ours = isinstance(found, dict) and found.get("format") == _FORMAT and found.get("embedder") == embedder
        return found if is_ours else {}

    def _next_number(self) -> int:
        try:
            found = json.loads((self.folder / _CURRENT).read_text(encoding="utf-8"))
            return int(str(found["generation"]).partition("-")[0]) + 1
        except (FileNotFoundError, json.JSONDecodeError, KeyError, ValueError):
            return 1
