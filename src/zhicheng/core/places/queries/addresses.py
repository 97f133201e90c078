"""Where an address in words lies, by the index of all addresses of the city."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from zhicheng.core.places.gate.address_files import newest_index, open_index
from zhicheng.engines.addresses.finding.finder import AddressFinder, AddressMatch
from zhicheng.engines.addresses.finding.suggesting import Suggester, Suggestion

RECHECK_S = 5.0
"""A process notices a new index after at most this time."""


@dataclass(frozen=True)
class Addresses:
    """What a process holds open of the addresses of the city."""

    finder: AddressFinder
    suggester: Suggester


class _Holder:
    """The newest index, opened again when there is a newer one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: Addresses | None = None
        self._folder: Path | None = None
        self._checked_s: float | None = None

    def get(self) -> Addresses | None:
        """The newest; `None` where the city has no index of addresses."""
        if self._checked_s is not None and time.monotonic() - self._checked_s < RECHECK_S:
            return self._open
        with self._lock:
            newest = newest_index(addresses_root())
            if newest != self._folder:
                self._open = None if newest is None else open_addresses(newest)
                self._folder = newest
            self._checked_s = time.monotonic()
            return self._open

    def forget(self) -> None:
        self._open, self._folder, self._checked_s = None, None, None


def open_addresses(folder: Path) -> Addresses:
    """The index that lies in a folder, mapped into memory.

    Raises:
        FileNotFoundError: there is none.
    """
    index = open_index(folder)
    return Addresses(AddressFinder(index), Suggester(index))


_holder = _Holder()


def addresses_root() -> Path:
    """Where the indexes of addresses lie."""
    return Path(settings.HOME) / "places" / "addresses"


def find_address(text: str, *, limit: int = 5, near: tuple[float, float] | None = None) -> list[AddressMatch]:
    """The buildings, and the rooms in them, that an address in words may mean, likeliest first.

    `score` says how likely each is; the scores of all together are at most 1. None where nothing is recognised, or
    where no layer of addresses was ever indexed. `near` (WGS84 longitude, latitude): of equals the nearer comes first.
    """
    known = _holder.get()
    return known.finder.find(text, limit=limit, near=near) if known else []


def suggest_addresses(text: str, limit: int = 10) -> list[Suggestion]:
    """How an address that somebody is typing may go on, likeliest first: names, then houses."""
    known = _holder.get()
    return known.suggester.suggest(text, limit=limit) if known else []


def forget_addresses() -> None:
    """Look for the newest index at the next question: after one was made, and between tests."""
    _holder.forget()
