"""Observations: readings with what is noted of them, in the order of time over one stream or many."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import numpy as np

from zhicheng.core.telemetry.errors import EntityUnknown, QueryTooWide
from zhicheng.core.telemetry.models import ObservationNote
from zhicheng.core.telemetry.policy.sensorthings.evaluating import holds
from zhicheng.core.telemetry.policy.sensorthings.filters import Order, Path, all_of
from zhicheng.core.telemetry.policy.sensorthings.lexing import instant_of, interval_of
from zhicheng.core.telemetry.policy.sensorthings.options import Options
from zhicheng.core.telemetry.policy.sensorthings.schema import SETS
from zhicheng.core.telemetry.policy.sensorthings.sql import condition, strip
from zhicheng.core.telemetry.policy.sensorthings.windows import Window, by_time, window_of
from zhicheng.core.telemetry.queries.latest import latest_of
from zhicheng.core.telemetry.queries.sensing.asking import Asker, Found, Row
from zhicheng.core.telemetry.queries.sensing.entities import run, scope_of
from zhicheng.core.telemetry.queries.sensing.readings import newest_first, oldest_first, read_window
from zhicheng.core.telemetry.values import Reading, from_us

_MOST_STREAMS, _MOST_SORTED, _MOST_COUNTED = 1000, 50_000, 1_000_000
_TIMES = ("phenomenonTime", "resultTime", "validTime")


@dataclass(frozen=True)
class Stream:
    """A datastream that is read, and the feature that its observations are of when they say no other."""

    id: int
    feature: int | None


@dataclass(frozen=True)
class Restriction:
    """To which streams, and to which feature, an address narrows the observations."""

    stream: int | None = None
    feature: int | None = None


def observation_id(stream: int, at_us: int) -> str:
    """The id of an observation: its stream and its instant.

    >>> observation_id(7, 1000)
    '7~1000'
    """
    return f"{stream}~{at_us}"


def split_id(text: object) -> tuple[int, int]:
    """The stream and the instant of an observation's id.

    Raises:
        EntityUnknown: it is none.
    """
    stream, mark, at = str(text).partition("~")
    if not (mark and stream.isascii() and stream.isdigit() and at.isascii() and at.isdigit()):
        raise EntityUnknown(name=f"Observations({text})")
    if max(int(stream), int(at)) >= 2**63:
        raise EntityUnknown(name=f"Observations({text})")
    return int(stream), int(at)


def get_observation(text: object, asker: Asker) -> Row:
    """One observation.

    Raises:
        EntityUnknown: there is none, or it is not for the asker.
    """
    stream, at_us = split_id(text)
    for known in _streams(asker, Restriction(stream=stream), window_of(None), 0):
        for reading in read_window(stream, at_us, at_us):
            for row in _noted([reading], known):
                return row
    raise EntityUnknown(name=f"Observations({text})")


def list_observations(options: Options, asker: Asker, within: Restriction) -> Found:
    """A page of observations: by default in the order of streams, and of time within one.

    Raises:
        FilterUnreadable, PathUnknown: the filter cannot be read.
        QueryTooWide: the order needs more than can be held.
    """
    window = window_of(options.filter)
    newest = by_time(options.order)
    if newest is None:
        rows = _sorted(options, asker, within, window)
        counted = len(rows) if options.count else None
        skip = int(options.token[0]) if options.token else options.skip
        shown = rows[skip : skip + options.top]
        more = skip + len(shown) < len(rows) and bool(shown)
        return Found(shown, (skip + len(shown),) if more else (), counted)
    found = _ordered(options, asker, within, window)
    skipped = islice(found, 0 if options.token else options.skip, None)
    page = list(islice(skipped, options.top + 1))
    shown = page[: options.top]
    token = split_id(shown[-1]["@iot.id"]) if len(page) > options.top and shown else ()
    return Found(shown, token, _count(options, asker, within) if options.count else None)


def _count(options: Options, asker: Asker, within: Restriction) -> int:
    everything = Options(filter=options.filter)
    found = _ordered(everything, asker, within, window_of(options.filter))
    total = sum(1 for _ in islice(found, _MOST_COUNTED + 1))
    if total > _MOST_COUNTED:
        raise QueryTooWide(problem=f"观测值超过 {_MOST_COUNTED} 条，不能计数")
    return total


def _ordered(options: Options, asker: Asker, within: Restriction, window: Window) -> Iterator[Row]:
    """Rows in the order of time, over all streams together where the order says so."""
    token = (int(options.token[0]), int(options.token[1])) if len(options.token) == 2 else (0, 0)
    if not options.order:
        return _by_stream(options, asker, within, window)
    newest = bool(options.order[0].descending)
    streams = list(islice(_streams(asker, within, window, 0), _MOST_STREAMS + 1))
    if len(streams) > _MOST_STREAMS:
        raise QueryTooWide(problem=f"按时间排序最多 {_MOST_STREAMS} 个数据流")
    last = _last(streams)
    parts = [
        _rows(stream, _cut(window, token, stream.id, newest=newest), options, asker, last=last[stream.id])
        for stream in streams
        if stream.id in last
    ]
    sign = -1 if newest else 1
    merged = heapq.merge(*parts, key=lambda row: (sign * row["at_us"], row["stream"]))
    return iter(merged)


def _cut(window: Window, token: tuple[int, int], stream: int, *, newest: bool) -> Window:
    """What of a window lies beyond the row at which the page before ended."""
    if token == (0, 0):
        return window
    ended_stream, at_us = token
    same = stream > ended_stream  # rows of the same instant follow in the order of streams
    if newest:
        until = min(window.until_us, at_us if same else at_us - 1)
        return Window(window.since_us, until, (), (), window.rest)
    since = max(window.since_us, at_us if same else at_us + 1)
    return Window(since, window.until_us, (), (), window.rest)


def _by_stream(options: Options, asker: Asker, within: Restriction, window: Window) -> Iterator[Row]:
    first, at_us = (int(options.token[0]), int(options.token[1])) if len(options.token) == 2 else (0, -1)
    streams = _streams(asker, within, window, first)
    while some := list(islice(streams, _MOST_STREAMS)):
        last = _last(some)
        for stream in some:
            since = max(window.since_us, at_us + 1) if stream.id == first else window.since_us
            narrowed = Window(since, window.until_us, (), (), window.rest)
            if stream.id in last:
                yield from _rows(stream, narrowed, options, asker, last=last[stream.id])


def _sorted(options: Options, asker: Asker, within: Restriction, window: Window) -> list[Row]:
    plain = Options(filter=options.filter)
    rows = list(islice(_by_stream(plain, asker, within, window), _MOST_SORTED + 1))
    if len(rows) > _MOST_SORTED:
        raise QueryTooWide(problem=f"观测值超过 {_MOST_SORTED} 条，不能这样排序")
    for order in reversed(options.order):
        rows.sort(key=lambda row, order=order: _sort_key(order, row), reverse=order.descending)  # type: ignore[misc]
    return rows


def _sort_key(order: Order, row: Row) -> tuple[Any, ...]:
    """Numbers before texts, nothing last."""
    value: Any = row
    for name in order.node.parts if isinstance(order.node, Path) else ():
        value = value.get("@iot.id" if name == "id" else name) if isinstance(value, dict) else None
    if isinstance(value, tuple):
        value = value[0]
    if isinstance(value, datetime):
        value = value.timestamp()
    if value is None:
        return (2, "")
    return (0, value) if isinstance(value, int | float) else (1, str(value))


def _last(streams: Sequence[Stream]) -> dict[int, int]:
    """The newest instant of each stream that has any."""
    found = latest_of(np.array([stream.id for stream in streams], dtype=np.int64))
    return {int(each): int(at) for each, at, known in zip(found.stream, found.at_us, found.known, strict=True) if known}


def _rows(stream: Stream, window: Window, options: Options, asker: Asker, *, last: int) -> Iterator[Row]:
    """The rows of one stream for which the filter holds."""
    if options.order and options.order[0].descending:
        readings = newest_first(stream.id, window.since_us, min(window.until_us, last))
    else:
        readings = oldest_first(stream.id, window.since_us, min(window.until_us, last))
    while some := list(islice(readings, min(1000, options.top + 1))):
        for row in _noted(some, stream):
            if window.rest is None or holds(window.rest, row, asker.now):
                yield row


def _noted(readings: Sequence[Reading], stream: Stream) -> Iterator[Row]:
    """Readings as rows, with what is noted of them; those that were deleted are left out."""
    instants = [reading.at_us for reading in readings]
    notes = {
        note.at_us: note
        for note in ObservationNote.objects.filter(stream=stream.id, at_us__gte=min(instants), at_us__lte=max(instants))
    }
    for reading in readings:
        note = notes.get(reading.at_us)
        if note is None:
            yield _row(reading, stream.feature, {})
        elif not note.deleted:
            yield _row(reading, note.feature_id or stream.feature, note.said)


def _row(reading: Reading, feature: int | None, said: dict[str, Any]) -> Row:
    row: Row = {
        "@iot.id": observation_id(reading.stream, reading.at_us),
        "stream": reading.stream,
        "at_us": reading.at_us,
        "feature": feature,
        "phenomenonTime": from_us(reading.at_us),
        "resultTime": None,
        "result": reading.value if reading.text is None else reading.text,
        "resultQuality": reading.quality or None,
        **said,
    }
    for name in _TIMES:
        if isinstance(said.get(name), str):
            row[name] = interval_of(said[name]) if "/" in said[name] else instant_of(said[name])
    return row


def _streams(asker: Asker, within: Restriction, window: Window, first: int) -> Iterator[Stream]:
    """The streams that an address and a filter name, in the order of ids, from one on."""
    entity = SETS["Datastreams"]
    scope = scope_of(entity, asker)
    parts, params = [entity.visible.format(t="t"), "t.id >= %s"], [asker.level, first]
    if within.stream is not None:
        parts, params = [*parts, "t.id = %s"], [*params, within.stream]
    if within.feature is not None:
        parts, params = [*parts, _OF_FEATURE], [*params, within.feature, within.feature]
    if (about := all_of([strip(node) for node in window.datastream])) is not None:
        found = condition(about, scope)
        parts, params = [*parts, f"({found.text})"], [*params, *found.params]
    if (about := all_of([strip(node) for node in window.feature])) is not None:
        found = condition(about, scope_of(SETS["FeaturesOfInterest"], asker, "f"))
        inner = f"t.feature_id IN (SELECT f.id FROM telemetry_featureofinterest f WHERE {found.text})"
        parts, params = [*parts, inner], [*params, *found.params]
    while True:
        rows = run(f"{_STREAMS} WHERE {' AND '.join(parts)} ORDER BY t.id LIMIT 1000", params)
        yield from (Stream(row[0], row[1]) for row in rows)
        if len(rows) < 1000:
            return
        params[1] = rows[-1][0] + 1


_STREAMS = "SELECT t.id, t.feature_id FROM telemetry_datastream t"
_OF_FEATURE = (
    "(t.feature_id = %s OR t.id IN (SELECT n.stream FROM telemetry_observationnote n WHERE n.feature_id = %s))"
)
