"""Places in the status lists: taken in blocks from a sequence, then spread, so that neighbours say nothing."""

import os
from threading import Lock

from django.db import connection

from zhicheng.engines.credentials.statuslist import ENTRIES

_BLOCK = 64  # the step of the sequence: one round trip for so many licences
_FACTOR, _OFFSET = 52_981, 77_777  # odd, so that every place of a list is met once
_lock = Lock()
_free: list[int] = []
_owner = 0


def next_place() -> int:
    """A place that no other licence has or will have; places of a process that ends stay unused."""
    global _owner  # a block belongs to one process: a child must not use its parent's
    with _lock:
        if _owner != os.getpid():
            _free.clear()
            _owner = os.getpid()
        if not _free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT nextval('licences_status_place')")
                first = int(cursor.fetchone()[0])
            _free.extend(range(first + _BLOCK - 1, first - 1, -1))
        return spread(_free.pop())


def spread(counted: int) -> int:
    """The place in the lists of the n-th licence: within each list a fixed permutation.

    >>> sorted(spread(n) for n in range(ENTRIES)) == list(range(ENTRIES))
    True
    """
    number, place = divmod(counted, ENTRIES)
    return number * ENTRIES + (place * _FACTOR + _OFFSET) % ENTRIES
