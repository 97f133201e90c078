"""The only place that reads the system clock. Engines and policies take `now` as an argument."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")

_frozen_at: ContextVar[datetime | None] = ContextVar("frozen_at", default=None)


def now() -> datetime:
    """The present instant, in UTC, or the instant set by `frozen`."""
    return _frozen_at.get() or datetime.now(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at one instant inside the block: for tests and for the simulator.

    Raises:
        ValueError: the instant carries no time zone.

    >>> with frozen(datetime(2026, 1, 5, tzinfo=UTC)):
    ...     now().year
    2026
    """
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    token = _frozen_at.set(at)
    try:
        yield
    finally:
        _frozen_at.reset(token)


def words(delta: timedelta) -> str:
    """A duration as a resident reads it, in Chinese, two units at most.

    >>> words(timedelta(hours=1, minutes=20))
    '1 小时 20 分'
    >>> words(timedelta(days=3, hours=2))
    '3 天 2 小时'
    >>> words(timedelta(seconds=30))
    '不到 1 分钟'
    """
    minutes = int(abs(delta).total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    if hours:
        return f"{hours} 小时 {minutes} 分" if minutes else f"{hours} 小时"
    return f"{minutes} 分钟" if minutes else "不到 1 分钟"


def parse_instant(text: str) -> datetime:
    """An ISO 8601 instant; one without a zone is refused.

    Raises:
        ValueError: the text is no instant, or has no zone.

    >>> parse_instant("2026-01-05T08:00:00+08:00").astimezone(UTC).hour
    0
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant
