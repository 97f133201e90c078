"""What policies do when something happened."""

from datetime import datetime

from zhicheng.apps.policies.operations.pushing import push_all
from zhicheng.core.ledger.public import subscribe
from zhicheng.core.ledger.values import Event


def push_new_policies(_event: Event, now: datetime) -> None:
    """A release was installed: tell those whom its policies fit."""
    push_all(now)


subscribe("PackInstalled", "policies.pushing", push_new_policies)
