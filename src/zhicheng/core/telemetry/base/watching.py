"""Alarm conditions over columns of readings: one pass, state by stream and place, no objects.

A stream has up to `PLACES` conditions, told by its kind (`kind_of[stream]`, 0 for none): row `kind` of the tables of
conditions. Readings that are not newer than the newest one seen, that are NaN, or whose instant lies more than ten
minutes beyond their receipt change nothing: late data opens nothing again, a wrong clock opens nothing at all.
"""

from typing import Any

import numpy as np

from zhicheng.kit.compiled import compiled

PLACES = 4
PARTS = 4  # of the time within which a change counts; the extremes of each are kept
QUIET, WAITING, TELLING, ON, ENDING = 0, 1, 2, 3, 4
"""Phases: TELLING has begun and ENDING has ended, but nobody has stored it yet."""
NONE, ABOVE, BELOW, RISES, FALLS = 0, 1, 2, 3, 4
KINDS = {"above": ABOVE, "below": BELOW, "rises": RISES, "falls": FALLS}
_FUTURE_US = 600_000_000


@compiled
def watch(rows: Any, kind_of: Any, conditions: Any, state: Any, told: Any) -> int:
    """Look at readings; how many rows of `told` were filled: (row, place, 1 it begins or 0 it ends, since when).

    `rows` are stream, at_us, received_us (int64) and value (float64), all (n,); `told` has room for 4 n rows.
    `conditions` are what (int8), threshold, clear (float64), for_us, part_us (int64), all (kinds, 4).
    `state` is last_us (int64) by stream, phase (int8) and since_us (int64) by stream and place, and in the same way
    part (int64) and extreme (float32, four more).
    """
    stream, at_us, received_us, value = rows
    what, last_us = conditions[0], state[0]
    filled = 0
    for row in range(len(stream)):
        number, at = stream[row], at_us[row]
        if number < 1 or number >= len(kind_of) or np.isnan(value[row]):
            continue
        if at <= last_us[number] or at > received_us[row] + _FUTURE_US:
            continue
        last_us[number] = at
        kind = kind_of[number]
        for place in range(PLACES if kind > 0 else 0):
            if what[kind, place] == NONE:
                continue
            change = _step((number, kind, place), (at, value[row]), conditions, state)
            if change >= 0:
                told[filled, 0], told[filled, 1], told[filled, 2] = row, place, change
                told[filled, 3] = state[2][number, place]
                filled += 1
    return filled


@compiled
def _step(cell: Any, reading: Any, conditions: Any, state: Any) -> int:
    """Let one condition see one value: 1 it begins, 0 it ends, -1 neither."""
    number, kind, place = cell
    at, value = reading
    what, threshold, clear, for_us, _ = conditions
    _, phase, since_us, _, _ = state
    measure = value
    if what[kind, place] >= RISES:
        measure = _change(cell, reading, conditions, state)
    sign = -1.0 if what[kind, place] == BELOW else 1.0
    begins = sign * measure > sign * threshold[kind, place]
    ends = sign * measure <= sign * clear[kind, place]
    if begins and phase[number, place] in (QUIET, ENDING):
        phase[number, place] = WAITING
        since_us[number, place] = at
    return _turn((number, place, at, for_us[kind, place]), (begins, ends), phase, since_us)


@compiled
def _turn(cell: Any, seen: Any, phase: Any, since_us: Any) -> int:
    number, place, at, for_us = cell
    begins, ends = seen
    now = phase[number, place]
    if now == WAITING and begins and at - since_us[number, place] >= for_us:
        phase[number, place] = TELLING
        return 1
    if now == WAITING and ends:
        phase[number, place] = QUIET
    elif ends and now in (TELLING, ON):
        phase[number, place] = ENDING
        since_us[number, place] = at
        return 0
    return -1


@compiled
def _change(cell: Any, reading: Any, conditions: Any, state: Any) -> float:
    """How much the value rose above the least, or fell below the most, of the last four parts."""
    number, kind, place = cell
    at, value = reading
    rises = conditions[0][kind, place] == RISES
    part, extreme = state[3], state[4]
    here = at // conditions[4][kind, place]
    _forget(number, place, here, part, extreme)
    slot = here % PARTS
    known = extreme[number, place, slot]
    if np.isnan(known) or (rises and value < known) or (not rises and value > known):
        extreme[number, place, slot] = value
    most = 0.0
    for each in range(PARTS):
        before = extreme[number, place, each]
        if not np.isnan(before):
            most = max(most, value - before if rises else before - value)
    return most


@compiled
def _forget(number: Any, place: Any, here: Any, part: Any, extreme: Any) -> None:
    """Empty the parts that have passed."""
    passed = here - part[number, place]
    if passed >= PARTS or part[number, place] == 0:
        passed = PARTS
    for each in range(passed):
        extreme[number, place, (here - each) % PARTS] = np.nan
    part[number, place] = here
