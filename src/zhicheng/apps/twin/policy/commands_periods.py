"""The period that another is compared with: the same a year before, or the one right before it."""

from dataclasses import replace
from datetime import datetime

from zhicheng.engines.commands.times import months_later
from zhicheng.engines.commands.values import Command, Period


def earlier_command(command: Command, now: datetime) -> Command:
    """The command over the earlier period. It must have a period with a beginning; an open end is now."""
    periods = tuple(_earlier(period, command.against, now) for period in command.periods)
    return replace(command, periods=periods, against="")


def _earlier(period: Period, against: str, now: datetime) -> Period:
    since = period.since or now
    until = period.until or now
    if against == "last_year":
        return replace(period, since=months_later(since, -12), until=months_later(until, -12))
    if since.day == 1 and until.day == 1 and not (until.hour or until.minute):
        months = (until.year - since.year) * 12 + until.month - since.month
        return replace(period, since=months_later(since, -months), until=since)
    return replace(period, since=since - (until - since), until=since)
