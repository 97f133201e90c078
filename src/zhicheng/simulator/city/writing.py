"""Addresses the way people write them, each with the building it means: for measuring how well they are understood.

Levels are left out or stand in another order, characters are replaced by others of the same sound, numbers are written
in words, something is said to be "opposite" or "nearby", and there are words around. A text that would fit two
buildings equally well is not given out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from zhicheng.core.lake.public import splitmix
from zhicheng.simulator.city.figures import read_atlas
from zhicheng.simulator.city.homophones import replaced
from zhicheng.simulator.city.making import CityOrder
from zhicheng.simulator.city.numerals import numeral, spelled
from zhicheng.simulator.city.streets import stem

_COLUMNS = (
    "building_key",
    "road",
    "number",
    "estate",
    "building_no",
    "unit_count",
    "floors",
    "district",
    "street",
    "community",
)
_LEVEL_SALTS = np.arange(1, 8, dtype=np.uint64) << np.uint64(40)  # the same word is another thing at another level
_NEARBY = ("对面", "旁边", "附近", "楼下", "门口", "路口", "后面")
_BEFORE = ("我住在", "地址是", "麻烦来一下", "位置：", "在", "你好，我这里是", "送到")
_AFTER = ("，请尽快", "有问题", "，谢谢", "这里", "这一栋", "，联系我")
HABITS = (
    "levels_missing",
    "order_changed",
    "homophone",
    "nearby",
    "words_for_digits",
    "marker_missing",
    "words_around",
    "room_given",
)
_SHARE = {
    "levels_missing": 0.85,
    "order_changed": 0.12,
    "homophone": 0.15,
    "nearby": 0.12,
    "words_for_digits": 0.15,
    "marker_missing": 0.2,
    "words_around": 0.15,
    "room_given": 0.3,
}


@dataclass(frozen=True)
class Written:
    """A text, the building it means, and what was done to the address on the way."""

    text: str
    building_key: str
    habits: tuple[str, ...]


@dataclass(frozen=True)
class WrittenAddresses:
    """The texts, and how many more were drawn but fit two buildings equally."""

    items: tuple[Written, ...]
    ambiguous: int


@dataclass
class _Parts:
    """The levels of an address while it is being written; "" where one is left out."""

    city: str
    district: str
    street: str
    community: str
    road: str
    number: str
    estate: str
    building_no: str
    room: str = ""

    def known(self) -> tuple[str, ...]:
        """What can be told from the text, for counting how many buildings it fits."""
        return (self.district, self.street, self.community, self.road, self.number, self.estate, self.building_no)


class _City:
    """The columns of the buildings, and how many buildings fit what a text says."""

    def __init__(self, order: CityOrder, table: Any) -> None:
        atlas = read_atlas(order.pack)
        columns = {name: table.column(name).to_pylist() for name in _COLUMNS}
        names = atlas.names
        self.keys, self.floors, self.units = columns["building_key"], columns["floors"], columns["unit_count"]
        self.city = atlas.city
        own = names[atlas.parents[atlas.district_of(atlas.communities[0])]]
        self.short_names = ("", "", "", own, own.removesuffix("市"))
        self.levels = list(
            zip(
                [names[code] for code in columns["district"]],
                [names[code] for code in columns["street"]],
                [names[code] for code in columns["community"]],
                columns["road"],
                [str(number) for number in columns["number"]],
                [estate or "" for estate in columns["estate"]],
                [number or "" for number in columns["building_no"]],
                strict=True,
            )
        )
        self._words: dict[str, int] = {}
        codes = np.array([[self._code(level) for level in levels] for levels in self.levels], np.uint64)
        self._hashes = splitmix(codes + _LEVEL_SALTS)
        self._sorted: dict[tuple[bool, ...], npt.NDArray[np.uint64]] = {}

    def _code(self, level: str) -> int:
        return self._words.setdefault(level, len(self._words))

    def fits(self, levels: tuple[str, ...]) -> int:
        """How many buildings have these levels; "" stands for a level that is not said."""
        said = tuple(bool(level) for level in levels)
        if said not in self._sorted:
            self._sorted[said] = np.sort(self._hashes[:, said].sum(axis=1, dtype=np.uint64))
        codes = np.array([self._code(level) for level in levels], np.uint64)
        wanted = splitmix(codes + _LEVEL_SALTS)[list(said)].sum(dtype=np.uint64)
        found = self._sorted[said]
        return int(found.searchsorted(wanted, "right") - found.searchsorted(wanted, "left"))


def written_addresses(order: CityOrder, table: Any, n: int, *, seed: int = 1) -> WrittenAddresses:
    """Write `n` addresses of buildings. `table` holds the rows of the layer `building` (`CityFiles.read`).

    Equal arguments give equal texts. Buildings are drawn with equal chances.

    Raises:
        ValueError: there are not enough buildings that a text could mean.
    """
    city, rng = _City(order, table), np.random.default_rng([seed, 0xADD2])
    found: list[Written] = []
    ambiguous = 0
    for _ in range(20 * n + 100):
        if len(found) == n:
            return WrittenAddresses(tuple(found), ambiguous)
        place = int(rng.integers(len(city.keys)))
        habits = {name for name in HABITS if rng.random() < _SHARE[name]}
        parts = _parts_of(city, place)
        if "levels_missing" in habits:
            _leave_out(city, parts, rng)
        heard = "homophone" in habits and _homophone(parts, rng)
        if city.fits(parts.known()) > (0 if heard else 1) or city.fits(_meant(city, place, parts)) > 1:
            ambiguous += 1
            continue
        if "room_given" in habits:
            parts.room = _room(city, place, rng)
        text, done = _write(parts, habits, rng)
        done = tuple(name for name in HABITS if name in {*done, *(["homophone"] if heard else [])})
        found.append(Written(text, city.keys[place], done))
    raise ValueError(f"only {len(found)} of {n} addresses could be written without doubt")


def _parts_of(city: _City, place: int) -> _Parts:
    return _Parts(city.city, *city.levels[place])


def _meant(city: _City, place: int, parts: _Parts) -> tuple[str, ...]:
    """The levels that are said, as they are spelt right."""
    return tuple(own if said else "" for said, own in zip(parts.known(), city.levels[place], strict=True))


def _leave_out(city: _City, parts: _Parts, rng: np.random.Generator) -> None:
    """Drop what people drop: the province nearly always, an upper level often, the road where there is an estate."""
    parts.city = str(rng.choice(city.short_names))
    if rng.random() < 0.45:
        parts.district = ""
    if rng.random() < 0.65:
        parts.street = ""
    if rng.random() < 0.55:
        parts.community = ""
    dice = rng.random()
    if parts.estate and dice < 0.45:
        parts.road = parts.number = ""
    elif parts.estate and dice < 0.65 and not parts.building_no:
        parts.estate = ""
    elif parts.estate and dice < 0.55:
        parts.number = ""


def _room(city: _City, place: int, rng: np.random.Generator) -> str:
    floors, units = city.floors[place], city.units[place]
    if units < 2:
        return ""
    a_floor = max(1, -(-units // max(floors, 1)))
    return f"{rng.integers(1, min(floors, units) + 1)}{rng.integers(1, min(a_floor, 8) + 1):02d}"


def _write(parts: _Parts, habits: set[str], rng: np.random.Generator) -> tuple[str, tuple[str, ...]]:
    done = {name for name, change in _CHANGES if name in habits and change(parts, rng)} | (habits & {"levels_missing"})
    if parts.number.isdigit():
        parts.number += "号"
    text = _joined(parts, changed="order_changed" in habits)
    if text != _joined(parts, changed=False):
        done.add("order_changed")
    if parts.room:
        done.add("room_given")
    elif "nearby" in habits:
        text += str(rng.choice(_NEARBY))
        done.add("nearby")
    if "words_around" in habits:
        text = str(rng.choice(_BEFORE)) + text if rng.random() < 0.5 else text + str(rng.choice(_AFTER))
        done.add("words_around")
    return text, tuple(name for name in HABITS if name in done)


def _joined(parts: _Parts, *, changed: bool) -> str:
    upper = parts.city + parts.district + parts.street + parts.community
    road = parts.road + parts.number
    house = parts.building_no + parts.room
    if not changed:
        return upper + road + parts.estate + house
    if parts.estate:
        return upper + parts.estate + house + (f"（{road}）" if road else "")
    return f"{road}{house}，{upper}" if upper else road + house


def _homophone(parts: _Parts, rng: np.random.Generator) -> bool:
    """One character of a name gives way to another of the same sound."""
    fields = [name for name in ("estate", "road") if getattr(parts, name)]
    if not fields:
        return False
    field = str(rng.choice(fields))
    before = getattr(parts, field)
    setattr(parts, field, replaced(before, int(rng.integers(2**31))))
    return bool(getattr(parts, field) != before)


def _words_for_digits(parts: _Parts, rng: np.random.Generator) -> bool:
    if parts.building_no[:1].isdigit():
        digits = parts.building_no.removesuffix("栋")
        parts.building_no = f"{numeral(int(digits))}栋"
        return True
    if parts.number.isdigit() and parts.road:
        word = numeral(int(parts.number)) if rng.random() < 0.5 else spelled(parts.number)
        parts.number = f"{word}号"
        return True
    return False


def _marker_missing(parts: _Parts, rng: np.random.Generator) -> bool:
    """No "社区" or "街道" behind the name, another word for "栋", or no "号"."""
    before = parts.known()
    parts.district = parts.district.removesuffix("区") if len(parts.district) > 2 else parts.district
    parts.street = parts.street.removesuffix("道")
    parts.community = stem(parts.community) if parts.community else ""
    if parts.building_no.endswith("栋"):
        parts.building_no = parts.building_no.removesuffix("栋") + str(rng.choice(("号楼", "幢", "座")))
    if parts.number.isdigit() and not parts.estate and not parts.room and rng.random() < 0.4:
        parts.number += "#"
    return before != parts.known()


_Change = Callable[[_Parts, np.random.Generator], bool]
_CHANGES: tuple[tuple[str, _Change], ...] = (
    ("words_for_digits", _words_for_digits),
    ("marker_missing", _marker_missing),
)
