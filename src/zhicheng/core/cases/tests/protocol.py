"""Counting round trips on the wire: libpq's own trace of the connection, not what a library says it does."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


class Counted:
    """How often the client asked and waited."""

    trips = 0


@contextmanager
def round_trips() -> Iterator[Counted]:
    connection.ensure_connection()
    counted = Counted()
    with tempfile.TemporaryFile("w+b") as trace:
        connection.connection.pgconn.trace(trace.fileno())
        try:
            yield counted
        finally:
            connection.connection.pgconn.untrace()
        trace.seek(0)
        sent = [line.split(b"\t") for line in trace.read().splitlines()]
    counted.trips = sum(1 for line in sent if len(line) > 3 and line[1] == b"F" and line[3] in {b"Query", b"Sync"})
