"""What an address in words asks for: the names in it, and the numbers by what they count."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from zhicheng.engines.addresses.finding.coding import block_code, cell_code, room_code
from zhicheng.engines.addresses.finding.folding import figures, plain
from zhicheng.engines.addresses.finding.hearing import Ear, Heard
from zhicheng.engines.addresses.finding.index import AddressIndex, Kind

_BESIDE = re.compile(r"(?:斜?对面|正?对过|旁边|隔壁|附近|周边|后面|前面|楼下|门口|往[东西南北]\d*米?)")
_ROAD, _ESTATE, _AREA, _READ = "\ue000", "\ue001", "\ue002", "\ue003"
_MARK = {Kind.ROAD: _ROAD, Kind.ESTATE: _ESTATE, Kind.HOUSE: _ESTATE}
_ONE = r"(?:[A-Z]?\d{1,4}[A-Z]?|[A-Z])"
_LOOSE = re.compile(r"[\u3400-\u9fff]{3,}")
# In this order; each takes what it reads out of the text. A group has the name of what it fills.
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<room>[A-Z]?\d{1,5}[A-Z]?)(?:号房|房间|室|房)",
        rf"(?P<cell>\d{{1,2}}|[A-Z])(?:单元|门|梯)-?(?P<room>{_ONE})?(?!号)",
        rf"(?P<block>(?:\d+(?:坊|区|巷|排|期))?{_ONE})(?:栋|幢|座|#|号院)-?(?P<room>[A-Z]?\d{{3,4}}[A-Z]?(?![\d号栋]))?",
        rf"(?<={_ESTATE})(?P<block>{_ONE})-(?P<cell>\d{{1,2}}|[A-Z])-(?P<room>{_ONE})",
        rf"(?<={_ESTATE})(?P<block>{_ONE})-(?P<room>{_ONE})",
        rf"(?P<number>\d{{1,5}})(?:-\d+)?号?-(?P<cell>\d{{1,2}})-(?P<room>{_ONE})",
        r"(?P<number>\d{1,5})(?:-\d+)?号",
        rf"(?<={_ROAD})(?P<number>\d{{1,4}})(?!\d|层|楼)",
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

    def read(self, text: str) -> Asked:
        """What the text asks for; nothing at all for an empty one."""
        said = plain(text)
        beside = _BESIDE.search(said)
        clear = _BESIDE.sub("", said)
        heard = self._ear.hear(clear)
        masked = self._masked(clear, heard)
        numbers, rest = _numbers(figures(masked))
        return Asked(
            text=clear,
            heard=(*heard, *self._nearly(rest)),
            number=int(numbers.get("number", 0)),
            number_as_block=block_code(numbers.get("number", "")),
            block=block_code(numbers.get("block", "")),
            cell=cell_code(numbers.get("cell", "")),
            room=room_code(numbers.get("room", "")),
            is_beside=beside is not None,
            said=numbers,
        )

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
