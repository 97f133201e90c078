"""Where a value stands: against thresholds, with hysteresis for those who are told, and against the one before."""

from zhicheng.apps.governance.values import Better, Indicator, State

_FLAT = 0.005  # of the value before: less is no trend
RANK = {State.OK: 0, State.ATTENTION: 1, State.ALARM: 2}


def state_of(value: float | None, indicator: Indicator) -> State:
    """The state of a value for itself."""
    if value is None:
        return State.MISSING
    limits = indicator.thresholds
    if _is_beyond(value, limits.alarm, indicator.better):
        return State.ALARM
    return State.ATTENTION if _is_beyond(value, limits.attention, indicator.better) else State.OK


def next_state(value: float, before: State, indicator: Indicator) -> State:
    """The state of a value for somebody who was told the one before: it falls only when the value is well back.

    >>> from zhicheng.apps.governance.values import Thresholds
    >>> limits = Thresholds(attention=10, alarm=20, back=0.1)
    >>> waits = Indicator("w", "等待", "g", "b", "", "", "分", "", "", better=Better.DOWN, thresholds=limits)
    >>> [next_state(value, State.ALARM, waits).value for value in (25, 19, 18, 9.5, 9)]
    ['alarm', 'alarm', 'attention', 'attention', 'ok']
    """
    now = state_of(value, indicator)
    if RANK[now] >= RANK[before]:
        return now
    held = State.ALARM if before is State.ALARM and not _is_back(value, indicator.thresholds.alarm, indicator) else now
    if held is State.OK and not _is_back(value, indicator.thresholds.attention, indicator):
        return State.ATTENTION
    return held


def _is_beyond(value: float, limit: float | None, better: Better) -> bool:
    if limit is None:
        return False
    return value < limit if better is Better.UP else value > limit


def _is_back(value: float, limit: float | None, indicator: Indicator) -> bool:
    if limit is None:
        return True
    margin = abs(limit) * indicator.thresholds.back
    return value >= limit + margin if indicator.better is Better.UP else value <= limit - margin


def trend_of(value: float | None, previous: float | None) -> str:
    """up, down or flat; empty where there is nothing to compare."""
    if value is None or previous is None:
        return ""
    if abs(value - previous) <= abs(previous) * _FLAT:
        return "flat"
    return "up" if value > previous else "down"


def is_good(trend: str, better: Better) -> bool | None:
    """Whether a trend is welcome."""
    if trend in {"", "flat"} or better is Better.NONE:
        return None
    return bool(trend == better.value)


def words_of(value: float | None, indicator: Indicator) -> str:
    """A value as people read it, with its unit; a dash where there is none."""
    if value is None:
        return "—"
    gap = "" if indicator.unit in {"%", "‰", ""} else " "
    return f"{value:,.{indicator.decimals}f}{gap}{indicator.unit}"
