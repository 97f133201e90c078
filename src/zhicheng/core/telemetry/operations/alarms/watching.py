"""The collector's part of alarms: look at each batch, keep in the database what began and what ended.

A change is first noted in the mapped state, then stored, then acknowledged in the state: whatever dies in between, it
is told again, and stored once.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from django.db import Error, connection
from numpy.typing import NDArray

from zhicheng.core.packs.public import NoPackInstalled, current_release
from zhicheng.core.telemetry.base.watching import ENDING, KINDS, ON, PLACES, QUIET, TELLING, watch
from zhicheng.core.telemetry.gate.watched import WatchedStreams
from zhicheng.core.telemetry.queries.devices.models import list_rules
from zhicheng.core.telemetry.queries.devices.watched import open_watched
from zhicheng.core.telemetry.queries.stores import telemetry_root
from zhicheng.core.telemetry.values import Condition, ReadingBatch
from zhicheng.kit.sqltext import to_json

_log = structlog.get_logger("zhicheng.alarms")
_LOOK_US = 2_000_000
_OVERLAP, _CHUNK = 10_000, 200_000
_MICRO = 1_000_000
STORE_SIGNALS = (
    "INSERT INTO telemetry_signal (stream, condition, kind, at_us, value, noticed_us, done) "
    "SELECT r.stream, r.condition, r.kind, r.at_us, r.value, r.noticed_us, false "
    "FROM jsonb_to_recordset(%s::jsonb) "
    "AS r(stream bigint, condition text, kind text, at_us bigint, value float8, noticed_us bigint) "
    "ON CONFLICT DO NOTHING"
)
Table = tuple[NDArray[Any], ...]


class Watcher:
    """What one process knows of conditions."""

    def __init__(self, streams: WatchedStreams) -> None:
        self.streams = streams
        self._kinds: dict[str, Any] = streams.kinds()
        self._codes: dict[tuple[int, int], str] = {}
        self._table: Table = _empty_table(1)
        self._release = -1
        self._looked_us = 0
        self._untold: list[dict[str, Any]] = []
        self.on_stored: Callable[[int], None] = _nobody

    def see(self, batch: ReadingBatch) -> None:
        """Look at the readings of a batch; what began or ended is in the database afterwards."""
        if not len(batch):
            return
        received_us = batch.received_us if batch.received_us is not None else batch.at_us
        now_us = int(received_us.max())
        self.streams.see(int(batch.stream.max()))
        try:
            self._refresh(int(batch.stream.max()), now_us)
            self._look(batch, received_us, now_us)
            self._store()
        except Error as error:
            _log.warning("alarms wait for the database", error=str(error)[:200])
            connection.close()

    def _look(self, batch: ReadingBatch, received_us: NDArray[np.int64], now_us: int) -> None:
        told = np.empty((len(batch) * PLACES, 4), np.int64)
        streams = self.streams
        state = (streams.last_us, streams.phase, streams.since_us, streams.part, streams.extreme)
        rows = (batch.stream, batch.at_us, received_us, batch.value)
        filled = watch(rows, streams.kind_of, self._table, state, told)
        for row, place, begins, at_us in told[:filled].tolist():
            self._tell(int(batch.stream[row]), place, (begins, at_us, float(batch.value[row])), now_us)

    def _tell(self, stream: int, place: int, change: tuple[int, int, float | None], now_us: int) -> None:
        begins, at_us, value = change
        code = self._codes.get((int(self.streams.kind_of[stream]), place))
        if code is None:
            return
        self._untold.append(
            {
                "stream": stream,
                "place": place,
                "condition": code,
                "kind": "raise" if begins else "clear",
                "at_us": at_us,
                "value": value,
                "noticed_us": now_us,
            }
        )

    def _store(self) -> None:
        if not self._untold:
            return
        with connection.cursor() as cursor:
            cursor.execute(STORE_SIGNALS, [to_json(self._untold)])
        self.on_stored(max(each["noticed_us"] for each in self._untold))
        phase = self.streams.phase
        for each in self._untold:
            before, after = (TELLING, ON) if each["kind"] == "raise" else (ENDING, QUIET)
            if phase[each["stream"], each["place"]] == before:
                phase[each["stream"], each["place"]] = after
        self._untold = []

    def _refresh(self, most: int, now_us: int) -> None:
        """Learn new rules of the pack and new streams, every two seconds at most."""
        if now_us - self._looked_us < _LOOK_US and self._release >= 0:
            return
        self._looked_us = now_us
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        release = _release()
        if release != self._release:
            self._learn_rules(now_us, first=self._release < 0)
            self._release = release
        if most > self._kinds["known_to"]:
            self.learn_streams()

    def _learn_rules(self, now_us: int, *, first: bool) -> None:
        conditions = conditions_by_kind()
        kinds = self._kinds["kinds"]
        if conditions.keys() - kinds.keys():
            self._kinds["known_to"] = 0  # streams of these kinds were passed over
        for kind, found in conditions.items():
            known = kinds.setdefault(kind, {"number": len(kinds) + 1, "codes": [""] * PLACES})
            self._place(known, [each.code for each in found])
        self._table, self._codes = _empty_table(len(kinds) + 1), {}
        for kind, known in kinds.items():
            by_code = {each.code: each for each in conditions.get(kind, [])}
            self._fill(known, by_code)
        self.streams.keep_kinds(self._kinds)
        if first:
            self._tell_again(now_us)

    def _place(self, known: dict[str, Any], codes: list[str]) -> None:
        """A condition keeps its place; a place that is given to another one begins anew."""
        for place, code in enumerate(known["codes"]):
            if code and code not in codes:
                known["codes"][place] = ""
        for code in codes:
            if code not in known["codes"]:
                place = known["codes"].index("")
                known["codes"][place] = code
                self.streams.phase[self.streams.kind_of == known["number"], place] = QUIET

    def _fill(self, known: dict[str, Any], by_code: Mapping[str, Condition]) -> None:
        what, threshold, clear, for_us, part_us = self._table
        for place, code in enumerate(known["codes"]):
            if code not in by_code:
                continue
            condition, cell = by_code[code], (known["number"], place)
            self._codes[cell] = code
            what[cell], threshold[cell], clear[cell] = KINDS[condition.kind], condition.threshold, condition.clear
            for_us[cell] = int(condition.for_s * _MICRO)
            part_us[cell] = max(1, int(condition.within_s * _MICRO) // 4)

    def _tell_again(self, now_us: int) -> None:
        """What was noticed before this process began, and perhaps not stored."""
        streams = self.streams
        for stream, place in np.argwhere((streams.phase == TELLING) | (streams.phase == ENDING)).tolist():
            begins = int(streams.phase[stream, place] == TELLING)
            self._tell(stream, place, (begins, int(streams.since_us[stream, place]), None), now_us)

    def learn_streams(self) -> None:
        """Which kind streams are of; ids are given before they are committed, so some are looked at twice."""
        after = max(0, self._kinds["known_to"] - _OVERLAP)
        while True:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT id, kind FROM telemetry_datastream WHERE id > %s ORDER BY id LIMIT %s", [after, _CHUNK]
                )
                rows = cursor.fetchall()
            if not rows:
                break
            after = rows[-1][0]
            self.streams.see(after)
            numbers = {kind: known["number"] for kind, known in self._kinds["kinds"].items()}
            ids = np.array([row[0] for row in rows], np.int64)
            self.streams.kind_of[ids] = np.array([numbers.get(row[1], 0) for row in rows], np.int16)
        self._kinds["known_to"] = max(after, self._kinds["known_to"])
        self.streams.keep_kinds(self._kinds)


def _nobody(_now_us: int) -> None:
    """The worker finds what was stored."""


def conditions_by_kind() -> dict[str, list[Condition]]:
    """The conditions on readings of each kind of streams that is watched; those on silence are the worker's."""
    found: dict[str, list[Condition]] = {}
    for rule in list_rules().values():
        for condition in rule.conditions:
            known = found.setdefault(f"{rule.model}/{condition.stream}", [])
            known += [condition] if condition.kind != "silent" else []
    return found


def watch_batch(batch: ReadingBatch) -> None:
    """The hook of the collector."""
    open_watcher().see(batch)


def open_watcher() -> Watcher:
    """The watcher of this process."""
    return _watcher(telemetry_root())


@lru_cache(maxsize=4)
def _watcher(root: Path) -> Watcher:
    del root
    return Watcher(open_watched())


def _release() -> int:
    try:
        return int(current_release().id)
    except NoPackInstalled:
        return 0


def _empty_table(kinds: int) -> Table:
    shape = (kinds, PLACES)
    return (
        np.zeros(shape, np.int8),
        np.zeros(shape, np.float64),
        np.zeros(shape, np.float64),
        np.zeros(shape, np.int64),
        np.ones(shape, np.int64),
    )
