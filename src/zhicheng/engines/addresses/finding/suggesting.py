"""What somebody who types an address may be about to type: names that begin like it, then the houses that bear them."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np

from zhicheng.engines.addresses.finding.folding import plain
from zhicheng.engines.addresses.finding.hearing import Ear
from zhicheng.engines.addresses.finding.index import DIVISIONS, AddressIndex, Ints, Kind

_MOST_NAMES = 200
_MOST_SHOWN = 20
_REMEMBERED = 50_000  # names
_MOST_HOUSES = 500
_MOST_ASKED = 3000
_FIGURES = re.compile(r"[0-9]{1,5}")
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class Suggestion:
    """How a text may go on: the whole text, what it names, and where that is. `building_key`: "" for more than one."""

    text: str
    kind: str
    longitude: float
    latitude: float
    building_key: str = ""


class Suggester:
    """Completes addresses by one index. It only reads: threads may share it."""

    def __init__(self, index: AddressIndex) -> None:
        self._index = index
        self._ear = Ear(index)
        self._order = _Texts(index)

    def suggest(self, text: str, *, limit: int = 10) -> list[Suggestion]:
        """The likeliest ways to go on, best first; none where nothing known begins like this."""
        said = plain(text)
        names = list(islice(self._names(said), limit))
        if len(names) == limit or not said:
            return names
        houses = islice(self._houses(said), limit - len(names))
        return [*names, *houses]

    def _names(self, said: str) -> Iterator[Suggestion]:
        """Names that begin like the longest end of the text, in what was named before; most houses first."""
        for start in range(len(said)):
            found = self._order.beginning_with(said[start:])
            if not found:
                continue
            heard = self._ear.hear(said[:start])
            if start and len(said) - start == 1 and (not heard or heard[-1].end < start):
                return  # one character behind words that are not known begins too much
            known = self._lying_in(found, [list(one.names) for one in heard])
            if known:
                yield from (self._named(name, rows) for name, rows in known)
                return

    def _lying_in(self, names: Sequence[int], before: Sequence[Sequence[int]]) -> list[tuple[int, Ints]]:
        """The names that houses of what was named before bear, with these houses; most houses first."""
        each = [self._index.names.rows_of(name)[:_MOST_ASKED] for name in names]
        owner = np.repeat(np.arange(len(names)), [len(rows) for rows in each])
        rows = np.concatenate(each)
        for said in before:
            inside = np.isin(self._index.houses.names[rows], said).any(axis=1)
            rows, owner = rows[inside], owner[inside]
        counts = np.bincount(owner, minlength=len(names))
        order = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
        return [(names[place], rows[owner == place]) for place in order[:_MOST_SHOWN].tolist()]

    def _inside(self, rows: Ints, before: Sequence[Sequence[int]]) -> Ints:
        """The houses that bear one of the names of each stretch; of very many only the first are asked."""
        for names in before:
            rows = rows[:_MOST_ASKED]
            rows = rows[np.isin(self._index.houses.names[rows], names).any(axis=1)]
        return rows

    def _named(self, name: int, rows: Ints) -> Suggestion:
        houses, kind = self._index.houses, Kind(self._index.names.kinds[name])
        text = self._index.names.text_of(name)
        if kind >= Kind.ROAD:
            district = int(houses.names[rows[0], Kind.DISTRICT])
            text = (self._index.names.text_of(district) if district >= 0 else "") + text
        key = houses.keys[rows[0]].decode() if len(rows) == 1 else ""
        some = rows[:: max(1, len(rows) // _MOST_HOUSES)]
        longitude, latitude = float(houses.longitude[some].mean()), float(houses.latitude[some].mean())
        return Suggestion(text, kind.name.lower(), longitude, latitude, key)

    def _houses(self, said: str) -> Iterator[Suggestion]:
        """Houses of the last name in the text whose address goes on like the text does."""
        heard = self._ear.hear(said)
        if not heard:
            return
        last, houses = heard[-1], self._index.houses
        before = [list(one.names) for one in heard[:-1]]
        for name in sorted(last.names, key=lambda name: -last.names[name]):
            if Kind(self._index.names.kinds[name]) in DIVISIONS:
                continue
            rows = self._numbered(self._inside(self._index.names.rows_of(name), before), said[last.end :])
            official = plain(self._index.names.text_of(name))
            for row in rows.tolist():
                text = houses.text_of(row)
                if plain(text).rpartition(official)[2].startswith(said[last.end :]):
                    place = float(houses.longitude[row]), float(houses.latitude[row])
                    yield Suggestion(text, "house", *place, houses.keys[row].decode())

    def _numbered(self, rows: Ints, typed: str) -> Ints:
        """The houses whose number begins as it is typed, where there are any: 1 may be 1, 10 to 19, 100 to 199."""
        found = _FIGURES.match(typed)
        if found and len(rows):
            number, number_of = int(found[0]), self._index.houses.number[rows]
            begins = [(number * scale, (number + 1) * scale) for scale in (1, 10, 100, 1000)]
            fits = np.logical_or.reduce([(number_of >= least) & (number_of < below) for least, below in begins])
            rows = rows[fits] if fits.any() else rows
        return rows[:_MOST_HOUSES]


class _Texts:
    """Names in the order of their characters."""

    def __init__(self, index: AddressIndex) -> None:
        self._order = index.names.order
        self._text = lru_cache(_REMEMBERED)(lambda name: plain(index.names.text_of(name)))

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, place: int) -> str:
        return self._text(int(self._order[place]))

    def beginning_with(self, text: str) -> list[int]:
        """The names that begin with a text, at most some hundred."""
        begin, end = bisect_left(self, text), bisect_left(self, text + _LAST)
        found: list[int] = self._order[begin : min(end, begin + _MOST_NAMES)].tolist()
        return found
