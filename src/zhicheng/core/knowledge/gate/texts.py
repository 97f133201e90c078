"""The plain texts, titles and other wordings of documents, for comparing a question with.

UTF-16 code units in one file, memory-mapped. The file only grows; where each text stands is kept with the generation,
so that a reader never sees half a text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from zhicheng.engines.text.matching import Codes, Texts, decode, encode

_REMEMBERED = 3_000  # short texts, of a few hundred characters each

Spans = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TextTable:
    """`spans`: int64 (document numbers, 6): start and length of the text, of the title, and of the other wordings."""

    path: Path
    spans: Spans
    codes: Codes

    @classmethod
    def empty(cls, path: Path) -> "TextTable":
        """No texts yet, in a new file."""
        path.write_bytes(b"")
        return cls(path, np.empty((0, 6), np.int64), np.empty(0, np.uint16))

    @classmethod
    def read(cls, path: Path, spans: Spans) -> "TextTable":
        """The texts at these places."""
        codes = np.memmap(path, np.uint16, "r") if path.stat().st_size > 1 else np.empty(0, np.uint16)
        return cls(path, spans, np.asarray(codes))  # a plain view of the same file: its slices cost half as much

    @cached_property
    def average(self) -> float:
        """The usual length of a text."""
        lengths = self.spans[:, 1]
        return float(lengths[lengths > 0].mean()) if lengths.any() else 1.0

    def changed(self, rows: Iterable[tuple[int, str, str, str]], size: int) -> "TextTable":
        """With those of each (number, text, title, other wordings); numbers are below `size`."""
        spans = np.zeros((size, 6), np.int64)
        spans[: len(self.spans)] = self.spans
        at = self.path.stat().st_size // 2
        with self.path.open("r+b") as file:
            file.seek(at * 2)
            for number, *texts in rows:
                for place, part in enumerate(map(encode, texts)):
                    spans[number, 2 * place : 2 * place + 2] = at, len(part)
                    file.write(part.tobytes())
                    at += len(part)
        return TextTable.read(self.path, spans)

    def of(self, numbers: Sequence[int]) -> Texts:
        """The texts of documents, in order."""
        spans = self.spans[list(numbers)]
        texts = [self.codes[start : start + length] for start, length in spans[:, :2]]
        titles = [self.codes[start : start + length] for start, length in spans[:, 2:4]]
        return Texts.of(texts, titles)

    def text(self, number: int) -> Codes:
        """The text of one document."""
        start, length = self.spans[number, :2]
        found: Codes = self.codes[start : start + length]
        return found

    def title(self, number: int) -> Codes:
        """The title of one document."""
        start, length = self.spans[number, 2:4]
        found: Codes = self.codes[start : start + length]
        return found

    def others(self, number: int) -> Codes:
        """The other wordings of one document."""
        start, length = self.spans[number, 4:]
        found: Codes = self.codes[start : start + length]
        return found

    def everything(self, number: int) -> str:
        """Title, other wordings and text of one document, line by line; those asked for lately are remembered."""
        known = self._remembered.get(number)
        if known is None:
            spans = self.spans[number].reshape(3, 2)
            known = "\n".join(decode(self.codes[start : start + length]) for start, length in spans)
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[number] = known
        return known

    def last_characters(self, numbers: Sequence[int]) -> Codes:
        """The last code unit of each document's title; 0 where it has none."""
        starts, lengths = self.spans[list(numbers), 2:4].T
        if not len(self.codes):
            return np.zeros(len(starts), np.uint16)
        last = self.codes[np.maximum(starts + lengths - 1, 0)]
        found: Codes = np.where(lengths > 0, last, 0).astype(np.uint16)
        return found

    @cached_property
    def _remembered(self) -> dict[int, str]:
        return {}
