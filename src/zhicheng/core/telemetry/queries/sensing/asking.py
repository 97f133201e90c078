"""Who asks, when, and under which address the answer will be read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Asker:
    """`level` is how much may be seen: 0 what is for everybody, 1 for whoever is known, 2 everything.

    `base` is the address of the service, without a slash at the end.
    """

    level: int
    base: str
    now: datetime


@dataclass(frozen=True)
class Found:
    """A page of rows. `token` tells where it ended, empty at the end of the list; `count` only where asked for."""

    rows: list[Row]
    token: tuple[Any, ...] = ()
    count: int | None = None
