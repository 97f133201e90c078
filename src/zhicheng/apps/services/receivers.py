"""What services do when something happened to an application."""

from datetime import datetime
from uuid import UUID

from zhicheng.apps.services.operations.progressing import progress_theme
from zhicheng.core.ledger.public import subscribe
from zhicheng.core.ledger.values import Event


def go_on_with_theme(event: Event, now: datetime) -> None:
    """An item of a theme came to a new state: what waited for it may start."""
    if event.data.get("parent"):
        progress_theme(UUID(str(event.data["parent"])), now)


subscribe("cases.application.", "services.theme", go_on_with_theme)
