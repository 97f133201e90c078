"""Which houses an address may mean, and how surely: what was said is weighed for and against each of them.

Weights are logarithms of odds; the shares of all candidates, and of none of them, make the score.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhicheng.engines.addresses.finding.asking import Asked
from zhicheng.engines.addresses.finding.index import AddressIndex, Ints, Kind

Floats = NDArray[np.float64]
_MOST_HOUSES = 20_000
_MOST_OF_ROAD, _AROUND = 3000, 20
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
_UNSAID = -1.0  # who lives in an estate says so
_NUMBER_RIGHT, _NUMBER_WRONG = 5.0, -5.0
_BLOCK_RIGHT, _BLOCK_WRONG, _BLOCK_MISSING = 5.0, -6.0, -2.0
_BLOCK_UNSAID = -0.5
_NUMBER_IS_BLOCK = 3.0
_ROOM_RIGHT, _CELL_WRONG, _ROOM_WRONG = 0.5, 0.0, -0.7
_FEWEST_ROOMS = 2  # a house with fewer entries: nobody knows its rooms
_ROOMS_OF = 200  # houses whose rooms are looked at
_NEAR, _NEAR_KM = 2.0, 1.0
_NOTHING = 6.0  # what a house must weigh to be as likely as none of them


@dataclass(frozen=True)
class Judged:
    """A house (its row), its share, and the reading of the text in which it fits best."""

    row: int
    score: float
    asked: Asked


class Judge:
    """Weighs the houses of one index."""

    def __init__(self, index: AddressIndex) -> None:
        self._index = index

    def judge(self, readings: Sequence[Asked], *, limit: int, near: tuple[float, float] | None = None) -> list[Judged]:
        """The likeliest houses, at most `limit`; none where no name is heard that leads to any.

        Of several readings of a text each house counts in the one that fits it best; the shares of all are at most 1.
        """
        weighed = [self._weigh(asked, near) for asked in readings]
        rows = np.concatenate([rows for rows, _ in weighed])
        if not len(rows):
            return []
        weight = np.concatenate([weight for _, weight in weighed])
        reading = np.repeat(np.arange(len(weighed)), [len(found) for found, _ in weighed])
        order = np.argsort(-weight, kind="stable")
        order = order[np.sort(np.unique(rows[order], return_index=True)[1])]
        top = max(float(weight[order[0]]), _NOTHING)
        share = np.exp(weight[order] - top)
        share /= share.sum() + np.exp(_NOTHING - top)
        return [
            Judged(int(rows[at]), float(score), readings[reading[at]])
            for at, score in zip(order[:limit], share[:limit], strict=True)
        ]

    def _weigh(self, asked: Asked, near: tuple[float, float] | None) -> tuple[Ints, Floats]:
        """Candidates and their weights; the weightiest first when rooms were looked at."""
        rows = self._candidates(asked)
        weight = self._weight(asked, rows)
        if near is not None:
            weight += self._nearness(rows, near)
        if asked.room:
            best = np.argsort(-weight, kind="stable")[:_ROOMS_OF]
            weight[best] += [self._room_weight(asked, row) for row in rows[best].tolist()]
        return rows, weight

    def _candidates(self, asked: Asked) -> Ints:
        names = self._index.names
        found = [names.rows_of(name) for name in _names_of(asked, names.kinds, (Kind.ESTATE, Kind.HOUSE))]
        found += [self._numbered(names.rows_of(name), asked) for name in _names_of(asked, names.kinds, (Kind.ROAD,))]
        for kind in (Kind.COMMUNITY, Kind.STREET):
            if not any(len(rows) for rows in found):
                found = [self._narrowed(names.rows_of(name), asked) for name in _names_of(asked, names.kinds, (kind,))]
        if not found:
            return np.zeros(0, np.int32)
        return np.unique(np.concatenate(found)[: _MOST_HOUSES * 2])[:_MOST_HOUSES]

    def _numbered(self, rows: Ints, asked: Asked) -> Ints:
        """Of a road the houses with the number that was said, or those around it."""
        if not asked.number:
            return rows[:_MOST_OF_ROAD]
        numbers = self._index.houses.number[rows]
        begin, end = (int(np.searchsorted(numbers, asked.number, side)) for side in ("left", "right"))
        return rows[begin:end] if end > begin else rows[max(0, begin - _AROUND) : begin + _AROUND]

    def _narrowed(self, rows: Ints, asked: Asked) -> Ints:
        """Of a whole quarter only what has one of the numbers that were said."""
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
        unsaid = borne[:, [Kind.ESTATE, Kind.HOUSE]].max(axis=1) >= 0
        weight += np.where(unsaid & ~estate_said, _UNSAID, 0.0)
        return weight + self._numbers(asked, rows, estate_said)

    def _numbers(self, asked: Asked, rows: Ints, estate_said: NDArray[np.bool_]) -> Floats:
        houses = self._index.houses
        number, block = houses.number[rows], houses.block[rows]
        weight = np.zeros(len(rows))
        if asked.block:
            wrong = np.where(block == 0, _BLOCK_MISSING, _BLOCK_WRONG)
            weight += np.where(block == asked.block, _BLOCK_RIGHT, wrong)
        else:
            weight += np.where(block == 0, 0.0, _BLOCK_UNSAID)
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

    def _room_weight(self, asked: Asked, row: int) -> float:
        rooms = self._index.rooms
        if rooms.at[row + 1] - rooms.at[row] < _FEWEST_ROOMS:
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
        """The entry that is meant: the room, or the house itself where none is said. `None` where several may be."""
        found = self.rooms_of(asked, row)
        cells = self._index.rooms.cell[found]
        if asked.cell and np.any(cells == asked.cell):
            found = found[cells == asked.cell]
        return int(found[0]) if len(found) == 1 else None


def _names_of(asked: Asked, kinds: NDArray[np.uint8], wanted: tuple[Kind, ...]) -> Iterator[int]:
    sought = {int(kind) for kind in wanted}
    return (name for heard in asked.heard for name in heard.names if int(kinds[name]) in sought)
