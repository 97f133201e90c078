"""Numbers of houses, entrances and rooms as integers that are alike however they are written."""

import re
import zlib

from zhicheng.engines.addresses.finding.folding import figures, plain

_BLOCK = re.compile(r"(?:号?楼|号院|栋|幢|座|号|#|楼宇)$")
_CELL = re.compile(r"(?:单元|门|梯|座)$")
_ROOM = re.compile(r"(?:号房|房间|室|房|号|铺)$")
LETTERS = 1 << 31
"""From here on a code stands for more than a number."""


def block_code(text: str) -> int:
    """The number of a house in its estate; 0 for none.

    >>> block_code("十二号楼") == block_code("12栋") == block_code("12座"), block_code("A座") == block_code("B座")
    (True, False)
    """
    stem = _BLOCK.sub("", figures(plain(text))).lstrip("0#第")
    return (zlib.crc32(stem.encode()) or 1) if stem else 0


def cell_code(text: str) -> int:
    """The number of an entrance; letters count from A; 0 for none.

    >>> cell_code("二单元"), cell_code("B"), cell_code("")
    (2, 2, 0)
    """
    stem = _CELL.sub("", figures(plain(text)))
    if stem.isdecimal():
        return int(stem) % 65_536
    return ord(stem) - ord("A") + 1 if len(stem) == 1 and stem.isascii() and stem.isalpha() else 0


def room_code(text: str) -> int:
    """The number of a room; leading zeros do not count; 0 for none.

    >>> room_code("0301"), room_code("三〇一室"), room_code("A301") == room_code("301")
    (301, 301, False)
    """
    stem = _ROOM.sub("", figures(plain(text))).lstrip("0")
    if stem.isdecimal() and len(stem) < 9:
        return int(stem)
    return zlib.crc32(stem.encode()) | LETTERS if stem else 0
