"""The arrays in which an address in words is looked up: names by their sound, houses by their names, rooms by house.

All of it may be memory-mapped: nothing is copied, nothing is made when it is opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Keys = NDArray[np.uint64]
Bytes = NDArray[np.bytes_]


class Kind(IntEnum):
    """What a name names; the first three are the divisions, widest first."""

    DISTRICT = 0
    STREET = 1
    COMMUNITY = 2
    ROAD = 3
    ESTATE = 4
    HOUSE = 5


DIVISIONS = (Kind.DISTRICT, Kind.STREET, Kind.COMMUNITY)


@dataclass(frozen=True)
class Names:
    """Every name once: what it names, how it is written, and the rows of the houses that bear it.

    `text_at` and `row_at` are offsets, one longer than there are names. `codes` are those of divisions, else empty:
    two communities of one name are two names. `order` sorts the names by `plain` of their texts.
    """

    kinds: NDArray[np.uint8]
    codes: Bytes
    text: NDArray[np.uint8]
    text_at: NDArray[np.int64]
    rows: Ints
    row_at: NDArray[np.int64]
    order: Ints

    def text_of(self, name: int) -> str:
        """How the name is written."""
        return bytes(self.text[self.text_at[name] : self.text_at[name + 1]]).decode()

    def rows_of(self, name: int) -> Ints:
        """The houses that bear the name, in the order of their numbers where it is a road's."""
        return self.rows[self.row_at[name] : self.row_at[name + 1]]


@dataclass(frozen=True)
class Sounds:
    """Ways to write names, sorted by the key of their sound: the name, and how far from its official form."""

    keys: Keys
    names: Ints
    forms: NDArray[np.uint8]
    pairs: Keys
    pair_names: Ints


@dataclass(frozen=True)
class Houses:
    """A row a house. Names are places in `Names`, -1 where there is none; `number` is 0 where there is none.

    `block` is `block_code` of its number in the estate, 0 where it has none.
    """

    keys: Bytes
    names: Ints
    number: Ints
    block: NDArray[np.uint32]
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    grid: Bytes
    text: NDArray[np.uint8]
    text_at: NDArray[np.int64]

    def text_of(self, row: int) -> str:
        """The whole address of the house."""
        return bytes(self.text[self.text_at[row] : self.text_at[row + 1]]).decode()


@dataclass(frozen=True)
class Rooms:
    """The rooms of each house, one after the other; `at` is one longer than there are houses.

    `cell` is the number of the entrance (单元), 0 where there is one only; `room` is `room_code` of the room.
    `keys` are those of their addresses.
    """

    at: NDArray[np.int64]
    cell: NDArray[np.uint16]
    room: NDArray[np.uint32]
    keys: Bytes


@dataclass(frozen=True)
class AddressIndex:
    """All that is known of the addresses of a city."""

    names: Names
    sounds: Sounds
    houses: Houses
    rooms: Rooms

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Each array under its own name, to be kept."""
        parts: dict[str, Names | Sounds | Houses | Rooms] = {
            "names": self.names,
            "sounds": self.sounds,
            "houses": self.houses,
            "rooms": self.rooms,
        }
        return {
            f"{code}.{field.name}": getattr(part, field.name) for code, part in parts.items() for field in fields(part)
        }

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "AddressIndex":
        """From what `arrays` gave.

        Raises:
            KeyError: an array is missing.
        """
        kinds: dict[str, Any] = {"names": Names, "sounds": Sounds, "houses": Houses, "rooms": Rooms}
        parts = [
            kind(**{field.name: arrays[f"{code}.{field.name}"] for field in fields(kind)})
            for code, kind in kinds.items()
        ]
        return cls(*parts)
