"""What telemetry does when something happened to its cases."""

from datetime import datetime
from uuid import UUID

from zhicheng.core.ledger.public import subscribe
from zhicheng.core.ledger.values import Event
from zhicheng.core.telemetry.public import close_alarm


def alarm_ended(event: Event, now: datetime) -> None:
    """The case of an alarm has ended: a new beginning is a new alarm."""
    close_alarm(UUID(event.subject.partition(":")[2]), now)


for _action in ("close", "dismiss", "recover"):
    subscribe(f"cases.device_alarm.{_action}", f"telemetry.closing.{_action}", alarm_ended)
