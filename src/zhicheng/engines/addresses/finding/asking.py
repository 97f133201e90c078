"""What an address in words asks for: the names in it, and the numbers by what they count."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from zhicheng.engines.addresses.finding.coding import block_code, cell_code, room_code
from zhicheng.engines.addresses.finding.folding import figures, plain
from zhicheng.engines.addresses.finding.hearing import Ear, Heard
from zhicheng.engines.addresses.finding.index import AddressIndex, Kind

_BESIDE = re.compile(r"(?:斜?对面|正?对过|旁边|隔壁|附近|周边|[后前]面|楼下|门口|路口|往[东西南北]\d*米?)")
_IDLE = re.compile(
    r"[这那整]一?[栋幢座层楼里边间]|请尽快|有问题|联系我|麻烦来一下|地址是?|位置[是在]?|我?住在|我这里是|送到|你好|谢谢|一下"
)
_ROAD, _ESTATE, _AREA, _READ = "\ue000", "\ue001", "\ue002", "\ue003"
_MARK = {Kind.ROAD: _ROAD, Kind.ESTATE: _ESTATE, Kind.HOUSE: _ESTATE}
_ONE = r"(?:[A-Z]?\d{1,4}[A-Z]?|[A-Z])"
_SAMPLE = 1000
_LOOSE = re.compile(r"[\u3400-\u9fff]{3,}")
_RUN = re.compile(r"\d{4,6}")
_ROOM_DIGITS = (3, 4)
# In this order; each takes what it reads out of the text. A group has the name of what it fills.
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<room>[A-Z]?\d{1,5}[A-Z]?)(?:号房|房间|室|房)",
        rf"(?P<cell>\d{{1,2}}|[A-Z])(?:单元|门|梯)-?(?P<room>{_ONE})?(?!号)",
        rf"(?<={_ROAD})(?P<number>\d{{1,5}})(?:-\d+)?[号#]",
        rf"(?P<block>(?:\d+(?:坊|区|巷|排|期))?{_ONE})(?:栋|幢|座|#|号院)-?(?P<room>[A-Z]?\d{{3,4}}[A-Z]?(?![\d号栋]))?",
        rf"(?<={_ESTATE})(?P<block>{_ONE})-(?P<cell>\d{{1,2}}|[A-Z])-(?P<room>{_ONE})",
        rf"(?<={_ESTATE})(?P<block>{_ONE})-(?P<room>{_ONE})",
        rf"(?P<number>\d{{1,5}})(?:-\d+)?号?-(?P<cell>\d{{1,2}})-(?P<room>{_ONE})",
        r"(?P<number>\d{1,5})-(?P<room>\d{3,4})",
        r"(?P<number>\d{1,5})(?:-\d+)?号",
        rf"(?<={_ROAD})(?P<number>\d{{1,6}})(?!\d|层|楼)",
        rf"(?P<cell>\d{{1,2}})-(?P<room>{_ONE})",
        rf"(?<={_ESTATE})(?P<block>\d{{1,2}}|[A-Z])(?!\d|层|楼|F|期)",
        r"(?P<room>[A-Z]?\d{3,4}[A-Z]?)",
    )
)


@dataclass(frozen=True)
class Asked:
    """An address in words, read. Numbers are 0 where they are not said; `block` and `room` are codes.

    `number_as_block`: a 12号 may be house 12 of an estate as well.
    """

    text: str
    heard: tuple[Heard, ...]
    number: int = 0
    number_as_block: int = 0
    block: int = 0
    cell: int = 0
    room: int = 0
    is_beside: bool = False
    said: dict[str, str] = field(default_factory=dict)


class Reader:
    """Reads addresses in the names of one index."""

    def __init__(self, index: AddressIndex) -> None:
        self._kinds = index.names.kinds
        self._ear = Ear(index)
        self._city = _words_before(index)

    def read(self, text: str) -> list[Asked]:
        """What the text may ask for, likeliest first; a run of figures may be a number and a room behind it."""
        said = plain(text)
        beside = _BESIDE.search(said)
        clear = _IDLE.sub("", _BESIDE.sub("", said))
        found = []
        for heard in self._ear.hear_ways(clear):
            numbers, rest = _numbers(figures(self._masked(clear, heard)).replace("号楼", "栋"))
            names = (*heard, *self._nearly(self._city.sub("", rest)))
            found += [_asked(clear, names, one, is_beside=beside is not None) for one in _readings(numbers)]
        return found

    def _masked(self, text: str, heard: Sequence[Heard]) -> str:
        pieces, at = [], 0
        for item in heard:
            best = max(item.names, key=item.names.__getitem__)
            pieces += [text[at : item.start], _MARK.get(Kind(self._kinds[best]), _AREA)]
            at = item.end
        return "".join([*pieces, text[at:]])

    def _nearly(self, rest: str) -> list[Heard]:
        """What is left of the text, as a name that it nearly is."""
        found = (self._ear.hear_nearly(run) for run in _LOOSE.findall(rest))
        return [Heard(0, 0, names) for names in found if names]


def _words_before(index: AddressIndex) -> re.Pattern[str]:
    """What every address begins with: 广东省深圳市, of which any part may be left out."""
    count = len(index.houses.keys)
    some = [plain(index.houses.text_of(row)) for row in range(0, count, max(1, count // _SAMPLE))]
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(min(some, default=""), max(some, default=""), strict=False))
    found = re.match(r"(?:(.+?)(省|自治区))?(?:(.+?)(市|州|地区))?", "".join(one for one, _ in alike))
    parts = found.groups(default="") if found else ()
    stems = zip(parts[::2], parts[1::2], strict=True)
    return re.compile("|".join(f"{re.escape(stem)}(?:{ending})?" for stem, ending in stems if stem) or "(?!)")


def _asked(text: str, heard: Sequence[Heard], numbers: Mapping[str, str], *, is_beside: bool) -> Asked:
    return Asked(
        text=text,
        heard=tuple(heard),
        number=int(numbers.get("number", 0)),
        number_as_block=block_code(numbers.get("number", "")),
        block=block_code(numbers.get("block", "")),
        cell=cell_code(numbers.get("cell", "")),
        room=room_code(numbers.get("room", "")),
        is_beside=is_beside,
        said=dict(numbers),
    )


def _readings(numbers: dict[str, str]) -> Iterator[dict[str, str]]:
    """The numbers, and each way to cut a run of figures into a number and a room: 15301 is 15号301室."""
    run = numbers.get("number", "")
    if "room" not in numbers and _RUN.fullmatch(run):
        for digits in _ROOM_DIGITS:
            if len(run) > digits:
                yield {**numbers, "number": run[:-digits], "room": run[-digits:]}
    if len(run) < 6:
        yield numbers
    elif "room" in numbers:  # six figures are no number of a house
        yield {name: said for name, said in numbers.items() if name != "number"}


def _numbers(masked: str) -> tuple[dict[str, str], str]:
    numbers: dict[str, str] = {}
    rest = masked
    for pattern in _PATTERNS:
        found = pattern.search(rest)
        if found is None or any(name in numbers for name, value in found.groupdict().items() if value):
            continue
        numbers |= {name: value for name, value in found.groupdict().items() if value}
        rest = rest[: found.start()] + _READ + rest[found.end() :]
    return numbers, rest
