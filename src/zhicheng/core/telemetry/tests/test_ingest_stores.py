"""Files of ingest: the log, the lake table, the tail."""

import errno
import os
from datetime import UTC, datetime

import numpy as np
import pytest

from zhicheng.core.telemetry.errors import StorageFull
from zhicheng.core.telemetry.gate.answers import KeptAnswers
from zhicheng.core.telemetry.gate.columns import StreamColumns
from zhicheng.core.telemetry.gate.journal import (
    JournalReader,
    JournalWriter,
    Place,
    list_writers,
    segment_path,
    segments,
)
from zhicheng.core.telemetry.gate.table import DAY_US, DayTable
from zhicheng.core.telemetry.gate.tail import Tail, to_arrow
from zhicheng.core.telemetry.values import Reading, batch_of

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
AT_US = 1_795_420_800_000_000


def readings(*pairs):
    return batch_of([Reading(stream, at_us, float(stream), None, at_us, 0) for stream, at_us in pairs])


def read_all(folder, place=None):
    reader = JournalReader(folder, place or Place(0, 0))
    return [(row.stream, row.at_us) for batch in reader.batches(10**9) for row in batch], reader


class TestJournal:
    def test_gives_back_numbers_and_texts(self, tmp_path):
        writer = JournalWriter(tmp_path)
        batch = batch_of([Reading(1, 5, 2.5, None, 7, 1), Reading(2, 6, None, "水位正常", 8, 0)])
        writer.append(batch)
        (found,) = JournalReader(list_writers(tmp_path)[0], Place(0, 0)).batches(10)
        assert list(found) == list(batch)
        writer.close()

    def test_passes_over_a_record_that_a_kill_cut_in_half(self, tmp_path):
        writer = JournalWriter(tmp_path)
        writer.append(readings((1, 1)))
        writer.append(readings((2, 2)))
        writer.close()
        (folder,) = list_writers(tmp_path)
        path = segment_path(folder, 1)
        os.truncate(path, path.stat().st_size - 3)
        found, reader = read_all(folder)
        assert found == [(1, 1)]
        again = JournalWriter(tmp_path)
        again.append(readings((3, 3)))
        assert [(row.stream, row.at_us) for batch in reader.batches(10) for row in batch] == [(3, 3)]
        again.close()

    def test_goes_on_behind_a_place_and_forgets_what_is_before(self, tmp_path, monkeypatch):
        monkeypatch.setattr("zhicheng.core.telemetry.gate.journal._SEGMENT_BYTES", 100)
        writer = JournalWriter(tmp_path)
        for number in range(1, 5):
            writer.append(readings((number, number)))
        (folder,) = list_writers(tmp_path)
        reader = JournalReader(folder, Place(0, 0))
        next(iter(reader.batches(1)))
        assert read_all(folder, reader.place)[0] == [(2, 2), (3, 3), (4, 4)]
        reader.forget(Place(3, 0))
        assert [number for number, _ in segments(folder)] == [3, 4]
        writer.close()

    def test_gives_two_writers_folders_of_their_own(self, tmp_path):
        first, second = JournalWriter(tmp_path), JournalWriter(tmp_path)
        assert len(list_writers(tmp_path)) == 2
        first.close()
        second.close()

    def test_keeps_nothing_of_a_batch_that_a_full_disk_cut(self, tmp_path, monkeypatch):
        writer = JournalWriter(tmp_path)
        writer.append(readings((1, 1)))
        whole = os.write

        def half(descriptor, data):
            if len(data) <= 40:
                raise OSError(errno.ENOSPC, "no space")
            return whole(descriptor, bytes(data)[:20])

        monkeypatch.setattr("zhicheng.core.telemetry.gate.journal.os.write", half)
        with pytest.raises(StorageFull, match="存储空间不足"):
            writer.append(readings((2, 2)))
        monkeypatch.undo()
        writer.append(readings((3, 3)))
        assert read_all(list_writers(tmp_path)[0])[0] == [(1, 1), (3, 3)]
        writer.close()


class TestDayTable:
    def test_keeps_rows_and_how_far_sources_were_read_together(self, tmp_path):
        table = DayTable(tmp_path / "observation")
        batch = readings((1, AT_US), (2, AT_US + DAY_US), (1, AT_US + 5))
        table.commit(table.write(to_arrow(batch)), at=AT, read_to={"journal:a": 77})
        other = DayTable(tmp_path / "observation")
        assert (other.read_to("journal:a"), other.read_to("nats:x")) == (77, -1)
        assert len(other.files()) == 2
        found = other.read(np.array([1]), 0, AT_US + 1)
        assert found.column("stream").to_pylist() == [1]
        other.commit([], at=AT, read_to={"journal:a": 90})
        assert table.read_to("journal:a") == 90

    def test_knows_what_it_holds(self, tmp_path):
        table = DayTable(tmp_path / "observation")
        assert not table.holds(np.array([1]), np.array([AT_US])).any()
        table.commit(table.write(to_arrow(readings((1, AT_US), (3, AT_US)))), at=AT)
        asked = np.array([1, 2, 3, 3]), np.array([AT_US, AT_US, AT_US, AT_US + 1])
        assert table.holds(*asked).tolist() == [True, False, True, False]

    def test_leaves_nothing_behind_when_the_disk_is_full(self, tmp_path, monkeypatch):
        def full(*_, **__):
            raise OSError(errno.ENOSPC, "no space")

        table = DayTable(tmp_path / "observation")
        monkeypatch.setattr("zhicheng.core.telemetry.gate.table._sync", full)
        with pytest.raises(StorageFull):
            table.write(to_arrow(readings((1, AT_US))))
        assert list(tmp_path.rglob("*.parquet")) == []


class TestTail:
    def test_shows_other_processes_what_waits(self, tmp_path):
        writer, reader = Tail(tmp_path), Tail(tmp_path)
        writer.append(batch_of([Reading(1, 5, 2.5), Reading(2, 6, None, "开"), Reading(1, 9, 3.5)]))
        assert [row.value for row in reader.find(np.array([1]), 0, 10)] == [2.5, 3.5]
        assert [row.text for row in reader.find(np.array([2]), 0, 10)] == ["开"]
        assert len(reader.find(np.array([1]), 6, 9)) == 0
        writer.begin()
        assert len(reader.find(np.array([1]), 0, 10)) == 0


class TestStreamColumns:
    def test_takes_its_space_beforehand_and_says_when_there_is_none(self, tmp_path, monkeypatch):
        columns = StreamColumns(tmp_path)
        files = list(tmp_path.glob("*.column"))
        assert files
        assert all(path.stat().st_blocks * 512 >= path.stat().st_size for path in files)

        def full(*_):
            raise OSError(errno.ENOSPC, "no space")

        monkeypatch.setattr("zhicheng.core.telemetry.gate.columns.os.posix_fallocate", full)
        with pytest.raises(StorageFull):
            columns.make_room(10**6)

    def test_lets_others_see_streams_that_were_added_later(self, tmp_path):
        writer, reader = StreamColumns(tmp_path), StreamColumns(tmp_path)
        writer.make_room(100_000)
        writer.value[100_000] = 2.5
        reader.see(100_000)
        assert reader.value[100_000] == 2.5


class TestKeptAnswers:
    def test_forget_what_no_longer_fits_on_the_disk_and_hinder_nobody(self, tmp_path):
        answers = KeptAnswers(tmp_path)
        answers.keep("platform", "1", b"body", b"small", at_s=0)
        answers._base.execute("PRAGMA max_page_count = 3")
        answers.keep("platform", "2", b"body", bytes(100_000), at_s=0)
        assert answers.find("platform", "1", b"body") == b"small"
        assert answers.find("platform", "2", b"body") is None
