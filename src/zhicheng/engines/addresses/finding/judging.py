"""Which houses an address may mean, and how surely: what was said is weighed for and against each of them.

Weights are logarithms of odds; the shares of all candidates, and of none of them, make the score.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhicheng.engines.addresses.finding.asking import Asked
from zhicheng.engines.addresses.finding.index import DIVISIONS, AddressIndex, Ints, Kind

Floats = NDArray[np.float64]
_MOST_HOUSES = 60_000
_FOR = {
    Kind.DISTRICT: 1.5,
    Kind.STREET: 2.0,
    Kind.COMMUNITY: 3.0,
    Kind.ROAD: 4.5,
    Kind.ESTATE: 6.0,
    Kind.HOUSE: 6.0,
}
_AGAINST = {
    Kind.DISTRICT: 3.0,
    Kind.STREET: 1.5,
    Kind.COMMUNITY: 1.5,
    Kind.ROAD: 4.0,
    Kind.ESTATE: 5.0,
    Kind.HOUSE: 0.0,
}
_NUMBER_RIGHT, _NUMBER_WRONG = 5.0, -5.0
_BLOCK_RIGHT, _BLOCK_WRONG, _BLOCK_MISSING = 5.0, -6.0, -2.0
_NUMBER_IS_BLOCK = 3.0
_ROOM_RIGHT, _CELL_WRONG, _ROOM_WRONG = 1.5, 0.0, -1.5
_ROOMS_OF = 200  # houses whose rooms are looked at
_NEAR, _NEAR_KM = 2.0, 1.0
_NOTHING = 6.0  # what a house must weigh to be as likely as none of them


@dataclass(frozen=True)
class Judged:
    """Houses from the likeliest, and the share of each."""

    rows: Ints
    scores: Floats


class Judge:
    """Weighs the houses of one index."""

    def __init__(self, index: AddressIndex) -> None:
        self._index = index

    def judge(self, asked: Asked, *, limit: int, near: tuple[float, float] | None = None) -> Judged:
        """The likeliest houses, at most `limit`; none where no name is heard that leads to any."""
        rows = self._candidates(asked)
        if not len(rows):
            return Judged(rows, np.zeros(0))
        weight = self._weight(asked, rows)
        if near is not None:
            weight += self._nearness(rows, near)
        best = np.argsort(-weight, kind="stable")[:_ROOMS_OF]
        weight[best] += self._rooms(asked, rows[best])
        order = np.argsort(-weight, kind="stable")[:limit]
        top = max(float(weight[order[0]]), _NOTHING)
        total = np.exp(weight - top).sum() + np.exp(_NOTHING - top)
        return Judged(rows[order], np.exp(weight[order] - top) / total)

    def _candidates(self, asked: Asked) -> Ints:
        names = self._index.names
        found: list[Ints] = []
        for kinds in ((Kind.ESTATE, Kind.HOUSE), (Kind.ROAD,), (Kind.COMMUNITY,), (Kind.STREET,)):
            for name in _names_of(asked, names.kinds, kinds):
                found.append(self._narrowed(names.rows_of(name), asked, wide=kinds[0] in DIVISIONS))
            if found and kinds[0] is not Kind.ESTATE and any(len(rows) for rows in found):
                break
        if not found:
            return np.zeros(0, np.int32)
        return np.unique(np.concatenate(found)[: _MOST_HOUSES * 2])[:_MOST_HOUSES]

    def _narrowed(self, rows: Ints, asked: Asked, *, wide: bool) -> Ints:
        """Of a whole quarter only what has one of the numbers that were said."""
        if not wide:
            return rows
        houses = self._index.houses
        keep = np.zeros(len(rows), np.bool_)
        if asked.number:
            keep |= houses.number[rows] == asked.number
        for block in (asked.block, asked.number_as_block):
            if block:
                keep |= houses.block[rows] == block
        return rows[keep]

    def _weight(self, asked: Asked, rows: Ints) -> Floats:
        houses, names = self._index.houses, self._index.names
        weight = np.zeros(len(rows))
        borne = houses.names[rows]
        estate_said = np.zeros(len(rows), np.bool_)
        for heard in asked.heard:
            belief = np.zeros(len(rows))
            against = 0.0
            for name, sure in heard.names.items():
                kind = Kind(names.kinds[name])
                belief = np.maximum(belief, np.where(borne[:, kind] == name, sure * _FOR[kind], 0.0))
                against = max(against, sure * _AGAINST[kind])
                if kind >= Kind.ESTATE:
                    estate_said |= borne[:, kind] == name
            weight += np.where(belief > 0, belief, -against)
        return weight + self._numbers(asked, rows, estate_said)

    def _numbers(self, asked: Asked, rows: Ints, estate_said: NDArray[np.bool_]) -> Floats:
        houses = self._index.houses
        number, block = houses.number[rows], houses.block[rows]
        weight = np.zeros(len(rows))
        if asked.block:
            wrong = np.where(block == 0, _BLOCK_MISSING, _BLOCK_WRONG)
            weight += np.where(block == asked.block, _BLOCK_RIGHT, wrong)
        if asked.number:
            right = number == asked.number
            as_block = (block == asked.number_as_block) & estate_said & (asked.block == 0)
            weight += np.select([right, as_block], [_NUMBER_RIGHT, _NUMBER_IS_BLOCK], _NUMBER_WRONG)
        return weight

    def _nearness(self, rows: Ints, near: tuple[float, float]) -> Floats:
        houses = self._index.houses
        north = (houses.latitude[rows] - near[1]) * 111.2
        east = (houses.longitude[rows] - near[0]) * 111.2 * np.cos(np.radians(near[1]))
        found: Floats = _NEAR * np.exp(-np.hypot(north, east) / _NEAR_KM)
        return found

    def _rooms(self, asked: Asked, rows: Ints) -> Floats:
        weight = np.zeros(len(rows))
        if not asked.room:
            return weight
        for place, row in enumerate(rows.tolist()):
            weight[place] = self._room_weight(asked, row)
        return weight

    def _room_weight(self, asked: Asked, row: int) -> float:
        rooms = self._index.rooms
        if rooms.at[row] == rooms.at[row + 1]:
            return 0.0
        found = self.rooms_of(asked, row)
        if not len(found):
            return _ROOM_WRONG
        return _ROOM_RIGHT if not asked.cell or np.any(rooms.cell[found] == asked.cell) else _CELL_WRONG

    def rooms_of(self, asked: Asked, row: int) -> NDArray[np.int64]:
        """The rows of the rooms of a house that bear the number asked for."""
        rooms = self._index.rooms
        begin, end = int(rooms.at[row]), int(rooms.at[row + 1])
        return np.flatnonzero(rooms.room[begin:end] == asked.room) + begin

    def room_of(self, asked: Asked, row: int) -> int | None:
        """The one room that is meant; `None` where none is said, or several may be."""
        if not asked.room:
            return None
        found = self.rooms_of(asked, row)
        cells = self._index.rooms.cell[found]
        if asked.cell and np.any(cells == asked.cell):
            found = found[cells == asked.cell]
        return int(found[0]) if len(found) == 1 else None


def _names_of(asked: Asked, kinds: NDArray[np.uint8], wanted: tuple[Kind, ...]) -> Iterator[int]:
    return (name for heard in asked.heard for name in heard.names if kinds[name] in wanted)
