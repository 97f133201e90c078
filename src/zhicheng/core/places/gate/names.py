"""The names of a layer: each distinct one once, in order, with its rows and its pinyin initials."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, takewhile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhicheng.core.places.gate.arrays import ArrayWriter, load_array, save_array
from zhicheng.engines.text.sounds import initials

Numbers = NDArray[np.int64]
SEPARATOR = b"\n"


def write_names(folder: Path, names: pa.ChunkedArray) -> int:
    """Write the index of a layer's names (a cell a row); how many distinct ones there are."""
    codes = pc.utf8_normalize(pc.utf8_trim_whitespace(names), "NFKC").combine_chunks().dictionary_encode()
    words = codes.dictionary.to_pylist()
    chosen = sorted((word.encode(), number) for number, word in enumerate(words) if word)
    place_of = np.full(len(words) + 1, len(chosen), np.int64)
    place_of[[number for _, number in chosen]] = np.arange(len(chosen))
    places = place_of[np.asarray(codes.indices.fill_null(len(words)))]
    rows = np.argsort(places, kind="stable")[: int((places < len(chosen)).sum())]
    save_array(folder, "name_rows", rows)
    save_array(folder, "name_starts", np.searchsorted(places[rows], np.arange(len(chosen) + 1)))
    texts = [text for text, _ in chosen]
    _write_texts(folder, "names", "name_ends", texts)
    initials = [initials_of(text.decode()).encode() for text in texts]
    _write_texts(folder, "initials", "initial_ends", initials)
    save_array(folder, "initial_order", np.array(sorted(range(len(initials)), key=initials.__getitem__), np.int32))
    return len(chosen)


def _write_texts(folder: Path, name: str, ends: str, texts: Sequence[bytes]) -> None:
    with ArrayWriter(folder, name) as writer:
        found = writer.add_bytes([text.replace(SEPARATOR, b" ") + SEPARATOR for text in texts])
    save_array(folder, ends, found)


def initials_of(name: str) -> str:
    """The first letter of each character's pinyin; letters and digits stay, small.

    >>> initials_of("深圳湾公园2号")
    'szwgy2h'
    """
    return "".join(_initial(character) for character in name)


@lru_cache(maxsize=16_384)
def _initial(character: str) -> str:
    found: str = initials(character)[0][:1]
    return found.lower()


class Names:
    """The names of a layer, mapped: by prefix, by initials, by what they contain."""

    def __init__(self, folder: Path) -> None:
        self._names = load_array(folder, "names")
        self._ends = load_array(folder, "name_ends")
        self._initials = load_array(folder, "initials")
        self._initial_ends = load_array(folder, "initial_ends")
        self._initial_order = load_array(folder, "initial_order")
        self._rows = load_array(folder, "name_rows")
        self._starts = load_array(folder, "name_starts")
        self._blob = bytes(self._names)
        self._initial_blob = bytes(self._initials)

    def __len__(self) -> int:
        return len(self._ends)

    def name(self, number: int) -> str:
        """One name."""
        return self._text(number).decode()

    def rows(self, number: int, limit: int) -> NDArray[np.int32]:
        """The rows that bear a name, at most `limit`."""
        return self._rows[self._starts[number] : min(self._starts[number + 1], self._starts[number] + limit)]

    def count(self, number: int) -> int:
        """How many rows bear a name."""
        return int(self._starts[number + 1] - self._starts[number])

    def exact(self, text: str) -> int | None:
        """The number of a name."""
        wanted = text.encode()
        number = self._first(wanted)
        return number if number < len(self) and self._text(number) == wanted else None

    def starting(self, text: str, limit: int) -> list[int]:
        """The first names that begin with a text."""
        wanted = text.encode()
        first = self._first(wanted)
        return list(_while(range(first, len(self)), lambda number: self._text(number).startswith(wanted), limit))

    def with_initials(self, letters: str, limit: int) -> list[int]:
        """The first names whose characters' pinyin begin with these letters."""
        wanted = letters.encode()
        first = _lower(len(self), lambda place: self._initial(int(self._initial_order[place])) < wanted)
        places = range(first, len(self))
        matching = _while(
            places, lambda place: self._initial(int(self._initial_order[place])).startswith(wanted), limit
        )
        return [int(self._initial_order[place]) for place in matching]

    def containing(self, text: str, limit: int) -> list[int]:
        """The first names that contain a text, wherever."""
        wanted = text.encode()
        found: list[int] = []
        at = self._blob.find(wanted) if SEPARATOR not in wanted else -1
        while at >= 0 and len(found) < limit:
            number = int(np.searchsorted(self._ends, at, side="right"))
            found.append(number)
            at = self._blob.find(wanted, int(self._ends[number]))
        return found

    def _text(self, number: int) -> bytes:
        return self._blob[int(self._ends[number - 1]) if number else 0 : int(self._ends[number]) - 1]

    def _initial(self, number: int) -> bytes:
        start = int(self._initial_ends[number - 1]) if number else 0
        return self._initial_blob[start : int(self._initial_ends[number]) - 1]

    def _first(self, wanted: bytes) -> int:
        return _lower(len(self), lambda number: self._text(number) < wanted)


def _lower(count: int, is_before: Callable[[int], bool]) -> int:
    """The first number for which it is not so, by halving."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if is_before(middle):
            low = middle + 1
        else:
            high = middle
    return low


def _while(numbers: Iterable[int], holds: Callable[[int], bool], limit: int) -> Iterator[int]:
    return islice(takewhile(holds, numbers), limit)
