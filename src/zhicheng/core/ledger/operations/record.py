"""Records for ordinary writes: call inside the transaction of the write."""

from collections.abc import Sequence

from django.db import connection

from zhicheng.core.ledger.errors import NotInTransaction
from zhicheng.core.ledger.operations.parts import entry_part, event_part
from zhicheng.core.ledger.values import Entry, Event
from zhicheng.kit.sqltext import Part, compose


def record(*entries: Entry, events: Sequence[Event] = ()) -> None:
    """Write entries and events together with the caller's transaction, in one statement.

    Raises:
        NotInTransaction: there is no open transaction.
        NotCanonical: an entry holds something that has no canonical form.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction()
    parts = [entry_part("entries", entries)] if entries else []
    parts += [event_part("events", events)] if events else []
    if not parts:
        return
    sql, params = compose(parts, Part("", "SELECT 1"))
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
