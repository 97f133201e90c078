"""Finds the houses and rooms that an address in words means, and what somebody is about to type."""

from dataclasses import dataclass

from zhicheng.engines.addresses.finding.asking import Asked, Reader
from zhicheng.engines.addresses.finding.coding import LETTERS
from zhicheng.engines.addresses.finding.index import DIVISIONS, AddressIndex
from zhicheng.engines.addresses.finding.judging import Judge

_NOT_WORTH_SAYING = 0.02


@dataclass(frozen=True)
class AddressMatch:
    """A house, and the room in it where one is meant. `score`: how likely it is the one that is meant, 0 to 1.

    `address_key` is that of the house where no room is said, "" where the room is unknown or may be one of several.
    `is_beside`: 对面, 旁边 was said.
    `words`: the names and numbers in the text that led here. Divisions are codes.
    """

    text: str
    score: float
    building_key: str
    address_key: str
    longitude: float
    latitude: float
    district: str
    street: str
    community: str
    grid: str
    is_beside: bool
    words: tuple[str, ...]


class AddressFinder:
    """Finds addresses in one index. It only reads: threads may share it."""

    def __init__(self, index: AddressIndex) -> None:
        self._index = index
        self._reader = Reader(index)
        self._judge = Judge(index)

    def __len__(self) -> int:
        return len(self._index.rooms.keys) or len(self._index.houses.keys)

    def find(self, text: str, *, limit: int = 5, near: tuple[float, float] | None = None) -> list[AddressMatch]:
        """The likeliest addresses, best first; none where nothing in the text is known. The first 120 characters count.

        `near` (longitude, latitude) is where the asker is: of houses as likely the nearer comes first.
        """
        judged = self._judge.judge(self._reader.read(text), limit=limit, near=near)
        return [self._found(one.asked, one.row, one.score) for one in judged if one.score >= _NOT_WORTH_SAYING]

    def _found(self, asked: Asked, row: int, score: float) -> AddressMatch:
        houses = self._index.houses
        room = self._judge.room_of(asked, row)
        key = "" if room is None else self._index.rooms.keys[room].decode()
        district, street, community = (self._code(int(houses.names[row, kind])) for kind in DIVISIONS)
        return AddressMatch(
            text=houses.text_of(row) + (self._room_text(room) if room is not None and asked.room else ""),
            score=round(score, 3),
            building_key=houses.keys[row].decode(),
            address_key=key,
            longitude=float(houses.longitude[row]),
            latitude=float(houses.latitude[row]),
            district=district,
            street=street,
            community=community,
            grid=houses.grid[row].decode(),
            is_beside=asked.is_beside,
            words=tuple(self._words(asked, row)),
        )

    def _code(self, name: int) -> str:
        code: str = self._index.names.codes[name].decode() if name >= 0 else ""
        return code

    def _room_text(self, room: int) -> str:
        rooms = self._index.rooms
        cell = f"{rooms.cell[room]}单元" if rooms.cell[room] else ""
        code = int(rooms.room[room])
        number = rooms.keys[room].decode().removesuffix("-A").rpartition("-")[2] if code >= LETTERS else str(code)
        return f"{cell}{number}室"

    def _words(self, asked: Asked, row: int) -> list[str]:
        borne = set(self._index.houses.names[row].tolist())
        heard = [asked.text[item.start : item.end] for item in asked.heard if borne & set(item.names)]
        return [word for word in (*heard, *asked.said.values()) if word]
