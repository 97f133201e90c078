"""What a package says of its things, so that they become rows of a lake table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhicheng.core.ledger.values import Event

Rows = Iterable[Mapping[str, Any]]


def subject_key(event: Event) -> tuple[str, ...]:
    """The identifier in the subject: `case:<id>` gives `<id>`."""
    return (event.subject.partition(":")[2],)


@dataclass(frozen=True)
class Projection:
    """How one table follows the transactional store. Nothing personal and no free text goes into a row.

    An event (its type begins with one of `events`) only says *which* things changed (`keys`); where there is none,
    the act itself notes it (`note_changed`). `read` gives their rows as they are now, so that an event that
    comes late, twice or after a newer one does no harm. A thing may have several rows, or none. The pack's declaration
    of the table decides which columns are kept; a pack without the table keeps none. `walk` lists all things after
    one, in a stable order: the table is made anew from it.

    Of rows with one key the newest wins; `lasting` rows never change and are written once.
    """

    table: str
    read: Callable[[Sequence[str]], Rows]
    walk: Callable[[str, int], Sequence[str]]
    events: tuple[str, ...] = ()
    keys: Callable[[Event], Iterable[str]] = subject_key
    lasting: bool = False

    def wants(self, event: Event) -> bool:
        """Whether an event may change rows of the table."""
        return event.type.startswith(self.events)
