"""The backend that `settings.DATABASES` names. Django finds `DatabaseWrapper` here by its module name."""

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks the socket, not the server, whether a kept connection still lives.

    Django's health check is a `SELECT 1` before the first statement of every request: a third of the time that web
    spends on creating an appeal. A server that ended has closed its side, which shows on the socket at once and for
    nothing; only where something waits to be read, or a statement failed before, the server is asked.
    """

    def is_usable(self) -> bool:
        """Whether statements can be sent."""
        if self.connection is None:
            return False
        wire = self.connection.pgconn
        failed = self.errors_occurred or wire.transaction_status in {
            TransactionStatus.INERROR,
            TransactionStatus.UNKNOWN,
        }
        if failed or self.connection.closed or _has_news(wire.socket):
            return bool(super().is_usable())
        return True


def _has_news(socket: int) -> bool:
    """Whether the other side closed, or sent what nobody asked for."""
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
