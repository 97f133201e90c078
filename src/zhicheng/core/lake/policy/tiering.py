"""Which small files of a table to merge: of those that are about as large, many enough, into one.

Each row is written again a few times in its life, however many commits bring rows.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import TypeVar

File = TypeVar("File")
MANY = 16
_FULL = 5  # files of some 260,000 rows and more are left alone
BASE_SHARE, BASE_LEAST = 10, 20_000


def to_merge(rows: Mapping[File, int]) -> list[File]:
    """The files to merge next, given their rows; none where no size has enough of them.

    >>> to_merge({name: 10 for name in range(16)}) == list(range(16))
    True
    >>> to_merge({name: 10 for name in range(15)})
    []
    """
    tiers: dict[int, list[File]] = defaultdict(list)
    for file, count in rows.items():
        tiers[_tier(count)].append(file)
    for tier in sorted(tiers):
        if len(tiers[tier]) >= MANY and tier < _FULL:
            return tiers[tier]
    return []


def _tier(rows: int) -> int:
    """0 below 64 rows, then one more for each eightfold."""
    return max(0, (max(rows, 1).bit_length() - 4) // 3)


def is_base_due(base: int, changes: int) -> bool:
    """Whether so much has changed that the rows that hold each key once are better written again.

    >>> is_base_due(1_000_000, 90_000), is_base_due(1_000_000, 110_000), is_base_due(0, 100)
    (False, True, False)
    """
    return changes >= max(BASE_LEAST, base // BASE_SHARE)
