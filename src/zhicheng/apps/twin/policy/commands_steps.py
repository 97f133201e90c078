"""The periods of a command as an indicator's steps: a month, a day, or many of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from zhicheng.engines.commands.times import months_later
from zhicheng.engines.commands.values import Command
from zhicheng.kit.clock import CHINA

_FORMATS = {"hour": "%Y-%m-%dT%H", "day": "%Y-%m-%d", "month": "%Y-%m"}
_LENGTHS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
_MANY_DAYS = timedelta(days=92)


@dataclass(frozen=True)
class Steps:
    """From one period to another, both included; the same for one alone, empty for the newest."""

    first: str = ""
    last: str = ""

    @property
    def is_one(self) -> bool:
        """Whether one period is meant."""
        return self.first == self.last


def steps_of(command: Command, known: tuple[str, ...], now: datetime) -> Steps | None:
    """The periods that a command asks for; None where the indicator has no such ones."""
    wanted = next((group for group in command.by if group in _FORMATS), "")
    if wanted and wanted not in known:
        return None
    if not command.periods:
        return Steps() if not wanted else _back_from(now, wanted)
    period = command.periods[0]
    since, until = period.since, min(period.until or now, _end_of(now))
    if since is None or since >= until:
        return None
    step = wanted or _step(since, period.until or now, known)
    return Steps(_text(since, step), _text(until - timedelta(microseconds=1), step)) if step else None


def _end_of(now: datetime) -> datetime:
    return now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _back_from(now: datetime, step: str) -> Steps:
    """Two days of hours, sixty days, two years of months."""
    first = months_later(now.astimezone(CHINA), -23) if step == "month" else now - 60 * _LENGTHS[step]
    return Steps(_text(first, step), _text(now, step))


def _step(since: datetime, until: datetime, known: tuple[str, ...]) -> str:
    """The step that fits best: one whole one, else days for a season, else months."""
    for step in ("month", "day", "hour"):
        if step in known and _next(since, step) == until and _text(since, step) != _text(until, step):
            return step
    order = ("day", "month", "hour") if until - since <= _MANY_DAYS else ("month", "day", "hour")
    return next((step for step in order if step in known), "")


def _next(since: datetime, step: str) -> datetime:
    return months_later(since, 1) if step == "month" else since + _LENGTHS[step]


def _text(at: datetime, step: str) -> str:
    return at.astimezone(CHINA).strftime(_FORMATS[step])
