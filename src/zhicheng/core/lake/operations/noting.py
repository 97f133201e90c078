"""Noting what has changed: one row for each table and thing, stored with the event's own transaction."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from zhicheng.core.lake.registry import projections
from zhicheng.core.ledger.values import Event

_NOTE = 'INSERT INTO lake_change ("table", key, at) SELECT %s, key, %s FROM unnest(%s::text[]) AS key'
_NOTE_PAIRS = """
INSERT INTO lake_change ("table", key, at)
SELECT name, key, %s FROM unnest(%s::text[], %s::text[]) AS noted(name, key)
"""


def note_changes(event: Event, now: datetime) -> None:
    """Note the things of every table that an event may have changed."""
    pairs = [(each.table, key) for each in projections if each.wants(event) for key in each.keys(event)]
    if not pairs:
        return
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_PAIRS, (now, [table for table, _ in pairs], [key for _, key in pairs]))


def count_waiting() -> int:
    """How many changes are not in the lake yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM lake_change")
        return int((cursor.fetchone() or (0,))[0])


def note_changed(table: str, keys: Iterable[object], *, now: datetime) -> None:
    """Note changed things of one table, where no event tells of them: within the transaction that changes them."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, (table, now, [str(key) for key in keys]))
