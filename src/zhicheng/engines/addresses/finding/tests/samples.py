"""A small invented city: two estates of one name, a tower, a lane of a village, and rooms in all of them."""

from typing import NamedTuple

import numpy as np

from zhicheng.engines.addresses.finding.coding import room_code
from zhicheng.engines.addresses.finding.index import AddressIndex
from zhicheng.engines.addresses.finding.making import HouseColumns, RoomColumns, make_index

DIVISIONS = {
    "100001": "云山区",
    "100001001": "莲花街道",
    "100001001001": "福新社区",
    "100001001002": "梅岭社区",
    "100002": "东湖区",
    "100002001": "粤海街道",
    "100002001001": "科苑社区",
}
BIG, SMALL, NORTH = "100001001001", "100001001002", "100002001001"


class House(NamedTuple):
    """A row of the city."""

    community: str
    road: str
    number: int
    estate: str = ""
    block: str = ""

    @property
    def text(self) -> str:
        """The whole address."""
        areas = "".join(DIVISIONS[self.community[:length]] for length in (6, 9, 12))
        return f"云城市{areas}{self.road}{self.number}号{self.estate}{self.block}"


HOUSES = (
    *(House(BIG, "新洲路", 12, "锦绣花园", f"{block}栋") for block in range(1, 9)),
    *(House(NORTH, "科苑南路", 21, "锦绣花园", f"{block}栋") for block in range(1, 4)),
    House(SMALL, "滨河大道", 1008, "天安大厦"),
    *(House(SMALL, "梅岭十二巷", number) for number in range(1, 30)),
)
KEYS = tuple(f"{house.community}-B{place:05d}" for place, house in enumerate(HOUSES))
ROOMS = tuple(f"{floor}{door:02d}" for floor in range(1, 6) for door in (1, 2))


def columns() -> HouseColumns:
    """The houses as they are given to `make_index`."""
    return HouseColumns(
        keys=KEYS,
        grid=[house.community + "001" for house in HOUSES],
        longitude=np.array([100.0 + (0.2 if house.community == NORTH else 0.0) for house in HOUSES]),
        latitude=np.array([20.0 + place * 1e-4 for place in range(len(HOUSES))]),
        text=[house.text for house in HOUSES],
        number=np.array([house.number for house in HOUSES], np.int32),
        block=[house.block for house in HOUSES],
        named={
            "district": [house.community[:6] for house in HOUSES],
            "street": [house.community[:9] for house in HOUSES],
            "community": [house.community for house in HOUSES],
            "road": [house.road for house in HOUSES],
            "estate": [house.estate for house in HOUSES],
            "name": ["" for _ in HOUSES],
        },
    )


def rooms() -> RoomColumns:
    """Ten rooms a house."""
    return RoomColumns(
        house=np.repeat(np.arange(len(HOUSES), dtype=np.int32), len(ROOMS)),
        cell=np.zeros(len(HOUSES) * len(ROOMS), np.uint16),
        room=np.tile(np.array([room_code(room) for room in ROOMS], np.uint32), len(HOUSES)),
        keys=np.array([f"{key}-{room.zfill(4)}-A" for key in KEYS for room in ROOMS], np.bytes_),
    )


def small_city() -> AddressIndex:
    """Its index."""
    return make_index(columns(), [rooms()], DIVISIONS)
