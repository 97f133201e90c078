"""Makes the arrays of an address index from the houses and rooms of a city."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhicheng.engines.addresses.finding.coding import block_code
from zhicheng.engines.addresses.finding.folding import plain, sound_key
from zhicheng.engines.addresses.finding.forms import ways_of
from zhicheng.engines.addresses.finding.index import AddressIndex, Bytes, Houses, Ints, Kind, Names, Rooms, Sounds

NAMED: tuple[tuple[Kind, str], ...] = (
    (Kind.DISTRICT, "district"),
    (Kind.STREET, "street"),
    (Kind.COMMUNITY, "community"),
    (Kind.ROAD, "road"),
    (Kind.ESTATE, "estate"),
    (Kind.HOUSE, "name"),
)


@dataclass(frozen=True)
class HouseColumns:
    """A value a house: its key and grid, where it is, its whole address, its number on the road and in the estate.

    `named` has the names of `NAMED`, "" for none; divisions as their codes.
    """

    keys: Sequence[str]
    grid: Sequence[str]
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    text: Sequence[str]
    number: Ints
    block: Sequence[str]
    named: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class RoomColumns:
    """Some rooms: the row of the house of each (-1: none of ours), codes of entrance and room, key of the address."""

    house: Ints
    cell: NDArray[np.uint16]
    room: NDArray[np.uint32]
    keys: Bytes


def make_index(houses: HouseColumns, rooms: Iterable[RoomColumns], divisions: Mapping[str, str]) -> AddressIndex:
    """The arrays; `divisions` says the names of the codes.

    Rooms may come in any order and in as many pieces as it pleases.
    """
    names, of_house = _names(houses, divisions)
    text, text_at = _texts(houses.text)
    blocks = {said: block_code(said) for said in set(houses.block)}
    made = Houses(
        keys=np.array(houses.keys, np.bytes_),
        names=of_house,
        number=houses.number.astype(np.int32),
        block=np.array([blocks[said] for said in houses.block], np.uint32),
        longitude=houses.longitude,
        latitude=houses.latitude,
        grid=np.array(houses.grid, np.bytes_),
        text=text,
        text_at=text_at,
    )
    return AddressIndex(names, _sounds(names), made, _rooms(rooms, len(houses.keys)))


def _names(houses: HouseColumns, divisions: Mapping[str, str]) -> tuple[Names, Ints]:
    """Every name once, and the places of each house's names, shape (houses, kinds)."""
    count = len(houses.keys)
    of_house = np.full((count, len(NAMED)), -1, np.int32)
    texts: list[str] = []
    kinds: list[int] = []
    for kind, column in NAMED:
        said, place = np.unique(np.asarray(houses.named[column], dtype=object).astype(str), return_inverse=True)
        begins = 1 if len(said) and said[0] == "" else 0
        of_house[:, kind] = np.where(place >= begins, place - begins + len(texts), -1)
        texts += said[begins:].tolist()
        kinds += [int(kind)] * (len(said) - begins)
    rows, row_at = _rows(of_house, houses.number, len(texts))
    codes = [text if kind < Kind.ROAD else "" for text, kind in zip(texts, kinds, strict=True)]
    spoken = [divisions.get(code, "") if code else text for code, text in zip(codes, texts, strict=True)]
    order = np.array(sorted(range(len(spoken)), key=[plain(text) for text in spoken].__getitem__), np.int32)
    text, text_at = _texts(spoken)
    return Names(np.array(kinds, np.uint8), np.array(codes, np.bytes_), text, text_at, rows, row_at, order), of_house


def _rows(of_house: Ints, number: Ints, names: int) -> tuple[Ints, NDArray[np.int64]]:
    """The houses of each name, by their numbers."""
    order = np.argsort(number, kind="stable").astype(np.int32)
    flat = of_house[order].ravel()
    rows = np.repeat(order, of_house.shape[1])
    by_name = np.argsort(flat, kind="stable")
    by_name = by_name[np.count_nonzero(flat < 0) :]
    at = np.zeros(names + 1, np.int64)
    np.cumsum(np.bincount(flat[flat >= 0], minlength=names), out=at[1:])
    return rows[by_name], at


def _texts(texts: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    encoded = [text.encode() for text in texts]
    at = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(text) for text in encoded], out=at[1:])
    return np.frombuffer(b"".join(encoded), np.uint8), at


def _sounds(names: Names) -> Sounds:
    ways: list[tuple[int, int, int]] = []
    pairs: defaultdict[int, set[int]] = defaultdict(set)
    for name, number in enumerate(names.kinds):
        kind, text = Kind(number), names.text_of(name)
        ways += [(sound_key(way), name, form) for way, form in ways_of(text, kind)]
        if kind >= Kind.ROAD:
            official = plain(text)
            for at in range(len(official) - 1):
                pairs[sound_key(official[at : at + 2])].add(name)
    ways.sort()
    paired = sorted((key, name) for key, bearers in pairs.items() for name in bearers)
    return Sounds(
        keys=np.array([key for key, _, _ in ways], np.uint64),
        names=np.array([name for _, name, _ in ways], np.int32),
        forms=np.array([form for _, _, form in ways], np.uint8),
        pairs=np.array([key for key, _ in paired], np.uint64),
        pair_names=np.array([name for _, name in paired], np.int32),
    )


def _rooms(pieces: Iterable[RoomColumns], houses: int) -> Rooms:
    kept = [piece for piece in pieces if len(piece.house)]
    if not kept:
        nothing = np.zeros(0, np.uint32)
        return Rooms(np.zeros(houses + 1, np.int64), nothing.astype(np.uint16), nothing, np.zeros(0, np.bytes_))
    house = np.concatenate([piece.house for piece in kept])
    cell = np.concatenate([piece.cell for piece in kept])
    room = np.concatenate([piece.room for piece in kept])
    keys = np.concatenate([piece.keys for piece in kept])
    kept.clear()
    at = np.zeros(houses + 1, np.int64)
    np.cumsum(np.bincount(house[house >= 0], minlength=houses), out=at[1:])
    if house[0] < 0 or np.any(house[:-1] > house[1:]):  # else they stand in order: nothing is copied
        order = np.argsort(house, kind="stable")[np.count_nonzero(house < 0) :]
        cell, room, keys = cell[order], room[order], keys[order]
    return Rooms(at, cell, room, keys)
