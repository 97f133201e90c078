"""What cases do when something happened."""

from datetime import datetime

from zhicheng.core.cases.gate import recompute_clocks
from zhicheng.core.cases.operations.notifying import tell
from zhicheng.core.ledger.public import subscribe
from zhicheng.core.ledger.values import Event


def follow_new_calendar(_event: Event, now: datetime) -> None:
    """A pack was installed: bring running clocks in line with its calendars."""
    recompute_clocks(now)


subscribe("PackInstalled", "cases.calendars", follow_new_calendar)
subscribe("cases.", "cases.notices", tell)
