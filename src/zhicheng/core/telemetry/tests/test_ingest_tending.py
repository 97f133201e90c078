"""Small files joined, steps counted, old days removed."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from zhicheng.core.telemetry.base.shortening import shorten, shorten_again
from zhicheng.core.telemetry.gate.tail import to_arrow
from zhicheng.core.telemetry.operations.tending import (
    HOUR_US,
    STEP_US,
    drop_days,
    join_files,
    open_tables,
    shorten_hours,
)
from zhicheng.core.telemetry.queries.history import history
from zhicheng.core.telemetry.values import Reading, batch_of, to_us

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def rows(count, begin, *, stream=1, every_s=60):
    first = to_us(begin)
    return to_arrow(
        batch_of([Reading(stream, first + number * every_s * 1_000_000, float(number)) for number in range(count)])
    )


@pytest.fixture
def tables(tmp_path, settings):
    settings.HOME = tmp_path
    return open_tables(tmp_path / "lake")


class TestShorten:
    def test_counts_each_stream_and_step_apart(self):
        found = shorten(pa.concat_tables([rows(12, NOON), rows(3, NOON, stream=2)]), STEP_US).to_pylist()
        assert [(row["stream"], row["count"], row["min"], row["max"], row["mean"], row["last"]) for row in found] == [
            (1, 5, 0.0, 4.0, 2.0, 4.0),
            (1, 5, 5.0, 9.0, 7.0, 9.0),
            (1, 2, 10.0, 11.0, 10.5, 11.0),
            (2, 3, 0.0, 2.0, 1.0, 2.0),
        ]

    def test_is_the_same_in_two_steps_as_in_one(self):
        many = rows(200, NOON, every_s=37)
        once, twice = shorten(many, HOUR_US), shorten_again(shorten(many, STEP_US), HOUR_US)
        for name in ("stream", "at", "min", "max", "last", "count"):
            assert once.column(name).to_pylist() == twice.column(name).to_pylist()
        assert np.allclose(once.column("mean"), twice.column("mean"))

    def test_makes_nothing_of_texts(self):
        texts = to_arrow(batch_of([Reading(1, 5, None, "开")]))
        assert shorten(texts, STEP_US).num_rows == 0


class TestTending:
    def test_joins_the_small_files_of_an_hour_and_loses_nothing(self, tables):
        for number in range(5):
            part = rows(2, NOON + timedelta(minutes=number), every_s=30)
            tables.raw.commit(tables.raw.write(part), at=NOON)
        assert join_files(tables.raw, now=NOON + timedelta(hours=2)) == 5
        assert [file.rows for file in tables.raw.files()] == [10]
        assert join_files(tables.raw, now=NOON + timedelta(hours=2)) == 0

    def test_counts_an_hour_when_it_is_over_and_again_when_something_came_late(self, tables, tmp_path):
        state = tmp_path / "shortened.json"
        tables.raw.commit(tables.raw.write(rows(60, NOON)), at=NOON)
        assert shorten_hours(tables, state, now=NOON + timedelta(minutes=59)) == 0
        assert shorten_hours(tables, state, now=NOON + timedelta(minutes=70)) == 1
        assert sum(file.rows for file in tables.short.files()) == 12
        late = rows(1, NOON + timedelta(minutes=2, seconds=30))
        tables.raw.commit(tables.raw.write(late), at=NOON)
        assert shorten_hours(tables, state, now=NOON + timedelta(hours=3)) == 1
        found = tables.short.read(np.array([1]), 0, to_us(NOON + timedelta(days=1))).sort_by("at")
        assert found.column("count").to_pylist() == [6] + [5] * 11
        hourly = tables.hourly.read(np.array([1]), 0, to_us(NOON + timedelta(days=1)))
        assert hourly.column("count").to_pylist() == [61]
        assert shorten_hours(tables, state, now=NOON + timedelta(hours=3)) == 0

    def test_removes_days_beyond_their_retention(self, tables, settings):
        settings.TELEMETRY_DAYS = 10
        tables.raw.commit(tables.raw.write(rows(2, NOON - timedelta(days=20))), at=NOON)
        tables.raw.commit(tables.raw.write(rows(3, NOON)), at=NOON)
        assert drop_days(tables, now=NOON) == 1
        assert [file.rows for file in tables.raw.files()] == [3]


class TestHistory:
    def test_reads_long_spans_in_steps_as_if_from_readings(self, tables, tmp_path):
        begin = NOON - timedelta(days=6)
        tables.raw.commit(tables.raw.write(rows(6 * 24 * 6, begin, every_s=600)), at=NOON)
        plain = history(1, begin, NOON, step=timedelta(hours=1))
        while shorten_hours(tables, tmp_path / "shortened.json", now=NOON):
            pass
        kept = history(1, begin, NOON, step=timedelta(hours=1))
        assert kept.num_rows == 6 * 24
        for name in ("at", "min", "max", "last", "count"):
            assert kept.column(name).to_pylist() == plain.column(name).to_pylist()
