"""What a subscriber to events must be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from zhicheng.core.ledger.values import Event

Handler = Callable[[Event, datetime], None]
"""Called with an event and the relay's `now`, inside the relay's transaction.

Delivery is **at least once**: what a handler writes to the database commits together with the removal of the
event, but anything it does outside (a file, a message) may happen again after a crash. So a handler is idempotent.
Events come in the order of their writing, except that a failed one comes again later and that relays share work.
"""


@dataclass(frozen=True)
class Subscription:
    """One handler and the event types it wants: every type that starts with `prefix`."""

    prefix: str
    name: str
    handler: Handler
