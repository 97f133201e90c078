"""A transaction whose BEGIN and COMMIT travel with its first and last statement: two round trips, not four.

Inside an open `atomic` block (tests, bulk work) the statements simply join it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.db.backends.utils import CursorWrapper

ResultSet = list[tuple[Any, ...]]


class Work:
    """One read-decide-write round. Use through `work`."""

    def __init__(self, cursor: CursorWrapper, *, joined: bool) -> None:
        self._cursor = cursor
        self._joined = joined
        self.is_open = False

    def read(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[ResultSet]:
        """First round trip: begin, run the statements in order, return their rows. A second one goes on.

        Each statement sees what was committed before it began: what is read after a lock is what the lock protects.
        """
        text = "; ".join(sql for sql, _ in statements)
        params = [value for _, values in statements for value in values]
        begins = not self._joined and not self.is_open
        self.is_open = True  # before it runs: a statement that fails leaves the begun transaction behind
        self._cursor.execute(f"BEGIN; {text}" if begins else text, params)
        found: list[ResultSet] = [self._rows()]
        while self._cursor.nextset():
            found.append(self._rows())
        return found[1:] if begins else found

    def write(self, sql: str, params: Sequence[Any]) -> ResultSet:
        """Last round trip: run one statement and commit."""
        self._cursor.execute(sql if self._joined else f"{sql}; COMMIT", params)
        self.is_open = False
        return self._rows()

    def abandon(self) -> None:
        """Roll back what was begun; a lost connection is closed, the server rolls back by itself."""
        if not self.is_open or self._joined:
            return
        self.is_open = False
        try:
            self._cursor.execute("ROLLBACK")
        except (DatabaseError, InterfaceError):
            connection.close()

    def _rows(self) -> ResultSet:
        return list(self._cursor.fetchall()) if self._cursor.description else []


@contextmanager
def work() -> Iterator[Work]:
    """Run one round; anything that is not written by `Work.write` is rolled back."""
    with connection.cursor() as cursor:
        current = Work(cursor, joined=connection.in_atomic_block)
        try:
            yield current
        finally:
            current.abandon()
