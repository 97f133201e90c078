"""What somebody who types an address may be about to type: names that begin like it, then the houses that bear them."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from zhicheng.engines.addresses.finding.folding import plain
from zhicheng.engines.addresses.finding.hearing import Ear
from zhicheng.engines.addresses.finding.index import DIVISIONS, AddressIndex, Ints, Kind

_MOST_NAMES = 300
_MOST_HOUSES = 1500
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
        names = list(self._names(said))
        if len(names) >= limit or not said:
            return names[:limit]
        houses = islice(self._houses(said), limit - len(names))
        return [*names, *houses]

    def _names(self, said: str) -> Iterator[Suggestion]:
        """Names that begin like the longest end of the text, in what was named before; most houses first."""
        for start in range(len(said)):
            found = [name for name in self._order.beginning_with(said[start:]) if name >= 0]
            rows = {name: self._within(name, said[:start]) for name in found}
            known = [name for name in found if len(rows[name])]
            if known:
                known.sort(key=lambda name: -len(rows[name]))
                yield from (self._named(name, rows[name]) for name in known)
                return

    def _within(self, name: int, before: str) -> Ints:
        rows = self._index.names.rows_of(name)
        return self._inside(rows, before)

    def _inside(self, rows: Ints, before: str) -> Ints:
        """The houses that lie in the divisions, and on the road, that were named before."""
        for heard in self._ear.hear(before):
            borne = np.isin(self._index.houses.names[rows], list(heard.names)).any(axis=1)
            rows = rows[borne]
        return rows

    def _named(self, name: int, rows: Ints) -> Suggestion:
        houses, kind = self._index.houses, Kind(self._index.names.kinds[name])
        text = self._index.names.text_of(name)
        if kind >= Kind.ROAD:
            district = int(houses.names[rows[0], Kind.DISTRICT])
            text = (self._index.names.text_of(district) if district >= 0 else "") + text
        key = houses.keys[rows[0]].decode() if len(rows) == 1 else ""
        longitude, latitude = float(houses.longitude[rows].mean()), float(houses.latitude[rows].mean())
        return Suggestion(text, kind.name.lower(), longitude, latitude, key)

    def _houses(self, said: str) -> Iterator[Suggestion]:
        """Houses of the last name in the text whose address goes on like the text does."""
        heard = self._ear.hear(said)
        if not heard:
            return
        last, houses = heard[-1], self._index.houses
        for name in sorted(last.names, key=lambda name: -last.names[name]):
            if Kind(self._index.names.kinds[name]) in DIVISIONS:
                continue
            rows = self._inside(self._index.names.rows_of(name)[:_MOST_HOUSES], said[: last.start])
            official = plain(self._index.names.text_of(name))
            for row in rows.tolist():
                text = houses.text_of(row)
                if plain(text).rpartition(official)[2].startswith(said[last.end :]):
                    place = float(houses.longitude[row]), float(houses.latitude[row])
                    yield Suggestion(text, "house", *place, houses.keys[row].decode())


class _Texts:
    """Names in the order of their characters."""

    def __init__(self, index: AddressIndex) -> None:
        self._names = index.names
        self._order = index.names.order

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, place: int) -> str:
        return plain(self._names.text_of(int(self._order[place])))

    def beginning_with(self, text: str) -> list[int]:
        """The names that begin with a text, at most some hundred."""
        begin, end = bisect_left(self, text), bisect_left(self, text + _LAST)
        found: list[int] = self._order[begin : min(end, begin + _MOST_NAMES)].tolist()
        return found
