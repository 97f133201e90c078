"""The collector over sources made up here, and readings taken in by this very process."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from zhicheng.core.telemetry.gate.columns import StreamColumns
from zhicheng.core.telemetry.gate.table import DayTable
from zhicheng.core.telemetry.gate.tail import Tail
from zhicheng.core.telemetry.operations.collecting import Collector, Stores
from zhicheng.core.telemetry.operations.ingesting import accept_readings, register_streams
from zhicheng.core.telemetry.operations.process import Collecting
from zhicheng.core.telemetry.queries.history import history
from zhicheng.core.telemetry.queries.latest import counts_of, latest_of, silent_since
from zhicheng.core.telemetry.registry import after_batch, floods
from zhicheng.core.telemetry.values import Reading, ReadingBatch, Refusal, StreamTable, batch_of, to_us

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
NOW_US = to_us(NOW)
SECOND_US = 1_000_000


@dataclass
class Given:
    """A source that holds what it is given until it is told to forget, as the broker does."""

    is_screened: bool = False
    name: str = "nats:test"
    place: int = 0
    waiting: list[ReadingBatch] = field(default_factory=list)
    forgotten: int = 0

    def batches(self):
        taken, self.waiting = self.waiting, []
        self.place += len(taken)
        return taken

    def forget(self, place):
        self.forgotten = place

    def give(self, *readings):
        self.waiting.append(
            batch_of([Reading(s, at, v, text, NOW_US, 0) for s, at, v, text in (pad(one) for one in readings)])
        )


def pad(reading):
    return reading if len(reading) == 4 else (*reading, None)


@pytest.fixture(autouse=True)
def _no_hooks(monkeypatch):
    """Alarms have tests of their own."""
    for hooks in (after_batch, floods):
        monkeypatch.setattr(hooks, "_entries", {})


@pytest.fixture
def stores(tmp_path):
    columns = StreamColumns(tmp_path / "columns")
    columns.known[1:10] = 1
    return Stores(columns, Tail(tmp_path / "tail"), DayTable(tmp_path / "observation"))


def held(stores):
    stores.table.refresh()
    rows = stores.table.read(np.arange(1, 10), 0, 1 << 60).sort_by([("stream", "ascending"), ("at", "ascending")])
    at_us = rows.column("at").cast("int64").to_pylist()
    return list(zip(rows.column("stream").to_pylist(), at_us, rows.column("value").to_pylist(), strict=True))


class TestCollector:
    def test_brings_each_reading_into_the_lake_once(self, stores):
        source, collector = Given(), Collector(stores, commit_s=0, now=NOW)
        source.give((1, NOW_US, 1.5), (2, NOW_US, 2.5), (1, NOW_US, 1.5))
        collector.step([source], NOW)
        source.give((2, NOW_US, 2.5), (2, NOW_US - 5, 2.0))
        collector.step([source], NOW)
        assert held(stores) == [(1, NOW_US, 1.5), (2, NOW_US - 5, 2.0), (2, NOW_US, 2.5)]
        assert (collector.tally.accepted, collector.tally.duplicate) == (3, 2)
        assert stores.columns.duplicate[1:3].tolist() == [1, 1]
        assert source.forgotten == 2
        assert stores.table.read_to("nats:test") == 2

    def test_knows_again_what_it_read_before_it_was_killed(self, stores):
        source, killed = Given(), Collector(stores, commit_s=0, now=NOW)
        source.give((1, NOW_US, 1.5), (2, NOW_US, 2.5))
        killed.step([source], NOW)
        after = NOW + timedelta(minutes=20)
        again, collector = Given(), Collector(stores, commit_s=0, now=after)
        again.give((1, NOW_US, 1.5), (2, NOW_US, 2.5), (3, NOW_US, 3.5))
        collector.step([again], after)
        assert held(stores) == [(1, NOW_US, 1.5), (2, NOW_US, 2.5), (3, NOW_US, 3.5)]

    def test_takes_again_what_was_not_in_the_lake_yet(self, stores):
        """The latest state was renewed before the kill, the lake was not: the state must not be believed."""
        source, killed = Given(), Collector(stores, commit_s=3600, now=NOW)
        source.give((1, NOW_US, 1.5))
        killed.step([source], NOW)
        assert stores.columns.at_us[1] == NOW_US
        again, collector = Given(), Collector(stores, commit_s=0, now=NOW)
        again.give((1, NOW_US, 1.5))
        collector.step([again], NOW)
        assert held(stores) == [(1, NOW_US, 1.5)]

    def test_refuses_and_counts_what_cannot_be(self, stores):
        source, collector = Given(), Collector(stores, commit_s=0, now=NOW)
        far = NOW_US + 11 * 60 * SECOND_US
        near = NOW_US + 9 * 60 * SECOND_US
        source.give((1, NOW_US, None), (1, far, 1.0), (50, NOW_US, 1.0), (0, NOW_US, 1.0), (1, -5, 1.0), (1, near, 7.0))
        source.give((1, NOW_US, float("inf")))
        collector.step([source], NOW)
        assert held(stores) == [(1, near, 7.0)]
        assert (stores.columns.not_a_number[1], stores.columns.far_future[1]) == (2, 1)
        assert collector.tally.refused == 6

    def test_keeps_the_newest_value_when_an_older_one_comes_later(self, stores):
        source, collector = Given(), Collector(stores, commit_s=0, now=NOW)
        source.give((1, NOW_US, 2.0), (1, NOW_US - SECOND_US, 1.0))
        collector.step([source], NOW)
        assert (stores.columns.at_us[1], stores.columns.value[1]) == (NOW_US, 2.0)
        assert stores.columns.accepted[1] == 2

    def test_drops_a_flood_and_tells_of_it_once_a_batch(self, stores, monkeypatch):
        told = []
        monkeypatch.setattr(floods, "_entries", {"test": told.extend})
        stores.columns.interval_s[1] = 60
        source, collector = Given(), Collector(stores, commit_s=0, now=NOW)
        source.give(*((1, NOW_US + number, 1.0) for number in range(6000)), (2, NOW_US, 1.0))
        collector.step([source], NOW)
        assert stores.columns.accepted[1:3].tolist() == [600, 1]
        assert stores.columns.too_often[1] == 5400
        assert [(flood.stream, flood.dropped) for flood in told] == [(1, 5400)]

    def test_lets_a_device_catch_up_after_it_was_offline(self, stores):
        stores.columns.interval_s[1] = 60
        source, collector = Given(), Collector(stores, commit_s=0, now=NOW)
        hour_us = 3600 * SECOND_US
        source.give(*((1, NOW_US - hour_us * 24 + number * SECOND_US, 1.0) for number in range(6000)))
        collector.step([source], NOW)
        assert stores.columns.accepted[1] == 6000

    def test_goes_on_when_a_hook_fails(self, stores, monkeypatch):
        def broken(batch):
            raise ValueError(len(batch))

        monkeypatch.setattr(after_batch, "_entries", {"broken": broken})
        source, collector = Given(), Collector(stores, commit_s=0, now=NOW)
        source.give((1, NOW_US, 1.0))
        collector.step([source], NOW)
        assert held(stores) == [(1, NOW_US, 1.0)]

    def test_tells_of_readings_before_they_are_in_the_lake(self, stores, monkeypatch):
        """Killed between the two, it reads again what is not in the lake, and nobody misses a reading."""
        in_lake: list[int] = []
        monkeypatch.setattr(after_batch, "_entries", {"watch": lambda _batch: in_lake.append(len(held(stores)))})
        source, collector = Given(), Collector(stores, commit_s=0, now=NOW)
        source.give((1, NOW_US, 1.0))
        collector.step([source], NOW)
        assert in_lake == [0]
        assert held(stores) == [(1, NOW_US, 1.0)]

    def test_reads_no_more_while_the_disk_is_full_and_loses_nothing(self, stores, monkeypatch):
        source, collector = Given(), Collector(stores, commit_s=0, now=NOW)
        source.give((1, NOW_US, 1.0))

        def full(*_, **__):
            raise OSError(28, "no space")

        monkeypatch.setattr("zhicheng.core.telemetry.gate.table.pq.write_table", full)
        collector.step([source], NOW)
        source.give((2, NOW_US, 2.0))
        assert collector.step([source], NOW) == 0
        assert source.forgotten == 0
        monkeypatch.undo()
        assert collector.commit([source], NOW)
        assert held(stores) == [(1, NOW_US, 1.0)]


class TestAcceptReadings:
    @pytest.fixture
    def known(self, tmp_path, settings):
        settings.HOME = tmp_path
        keys = [f"d{number}/t" for number in range(1, 10)]
        register_streams(StreamTable(np.arange(1, 10), keys, np.zeros(9, np.float32)))

    def test_is_read_by_everybody_after_the_collector_took_it_over(self, known):
        batch = batch_of([Reading(1, NOW_US - 10, 1.0), Reading(1, 0, 2.0), Reading(2, NOW_US, None, "开")])
        assert accept_readings(batch, source="test", now=NOW).accepted == 3
        collecting = Collecting(commit_s=3600, now=NOW)
        collecting.step(NOW)
        latest = latest_of(np.array([1, 2, 3, 99]))
        assert latest.known.tolist() == [True, True, False, False]
        assert (latest.value[0], latest.text[1]) == (2.0, "开")
        assert history(1, NOW - timedelta(hours=1), NOW + timedelta(hours=1)).column("value").to_pylist() == [1.0, 2.0]
        collecting.close(NOW)
        assert history(2, NOW - timedelta(hours=1), NOW + timedelta(hours=1)).column("text").to_pylist() == ["开"]
        assert counts_of(np.array([1, 2]))["accepted"].tolist() == [2, 1]

    def test_says_what_became_of_each_row(self, known):
        rows = [Reading(1, NOW_US, 1.0), Reading(1, NOW_US, 1.0), Reading(77, NOW_US, 1.0), Reading(2, NOW_US, None)]
        receipt = accept_readings(batch_of(rows), source="test", now=NOW)
        assert (receipt.accepted, receipt.duplicate, receipt.refused_count) == (1, 1, 2)
        assert [(one.row, one.reason) for one in receipt.refused] == [
            (2, Refusal.UNKNOWN_STREAM),
            (3, Refusal.NOT_A_NUMBER),
        ]

    def test_knows_who_fell_silent(self, known):
        accept_readings(batch_of([Reading(1, NOW_US, 1.0)]), source="test", now=NOW)
        collecting = Collecting(commit_s=0, now=NOW)
        collecting.step(NOW)
        assert silent_since(60, now=NOW + timedelta(seconds=59)).tolist() == []
        assert silent_since(60, now=NOW + timedelta(seconds=61)).tolist() == [1]
        collecting.close(NOW)
