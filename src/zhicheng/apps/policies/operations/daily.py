"""Once a day: tell those who agreed about what fits them now, because their facts or the day have changed."""

from datetime import datetime

from zhicheng.apps.policies.operations.pushing import PUSHER, push_all
from zhicheng.core.ledger.public import list_entries
from zhicheng.core.packs.public import NoPackInstalled, current_release
from zhicheng.kit.clock import CHINA

_FROM_HOUR = 9  # nobody is woken by a policy


def push_daily(now: datetime) -> int:
    """Push once a day, in the morning; how many pairs fit, 0 where it was done today. Nothing is told twice."""
    local = now.astimezone(CHINA)
    if local.hour < _FROM_HOUR or _last_day() == local.date():
        return 0
    try:
        current_release()
    except NoPackInstalled:
        return 0
    return push_all(now)


def _last_day() -> object:
    """The day of the newest run, whoever began it."""
    entries = list_entries(actor=PUSHER.ref, limit=1).entries
    return entries[0].entry.at.astimezone(CHINA).date() if entries else None
