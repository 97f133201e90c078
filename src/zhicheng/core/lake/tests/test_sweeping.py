"""What goes when its time is over, and what stays."""

import os
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake.exceptions import CommitFailedError

from zhicheng.core.lake.errors import RejectionsSwept, TableChangedMeanwhile, VersionUnknown
from zhicheng.core.lake.gate.sweeping import remove_unnamed, remove_versions
from zhicheng.core.lake.public import (
    Target,
    connect,
    has_table,
    ingest,
    lake_root,
    list_rejections,
    list_tables,
    stage_parts,
    sweep_tables,
    sweep_versions,
    table_version,
)
from zhicheng.core.lake.tests.conftest import CLERK, NOW, RESIDENT, write_csv
from zhicheng.core.lake.tests.test_tables import SCHEMA, write
from zhicheng.core.lake.values import Mode
from zhicheng.core.ledger.public import list_entries

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=500)
AMOUNTS = "amounts"


def data_files() -> set[Path]:
    return set((lake_root() / AMOUNTS).glob("*.parquet"))


def refuse(*_args: object, **_named: object) -> None:
    raise CommitFailedError("somebody else was faster")


class TestSweepTables:
    def test_removes_what_is_old(self):
        write(3)
        assert sweep_tables("amou", before=NOW + timedelta(days=1), now=LATER) == 1
        assert not has_table(AMOUNTS)
        assert list(lake_root().iterdir()) == []

    def test_tells_the_ledger_once(self):
        write(3)
        for _ in range(2):
            sweep_tables("amou", before=LATER, now=LATER)
        told = [each.entry for each in list_entries().entries if each.entry.action == "lake.swept"]
        assert [(entry.subject, entry.data["tables"]) for entry in told] == [("tables:amou", 1)]

    @pytest.mark.parametrize(
        ("prefix", "days", "keep"), [("amou", -1, ()), ("other", 1, ()), ("amou", 1, ("amounts",))]
    )
    def test_leaves_what_is_young_not_asked_for_or_needed(self, prefix, days, keep):
        write(3)
        assert sweep_tables(prefix, before=NOW + timedelta(days=days), now=LATER, keep=keep) == 0
        assert has_table(AMOUNTS)

    def test_finishes_what_was_interrupted(self):
        write(3)
        (lake_root() / AMOUNTS).rename(lake_root() / ".amounts.ab12")
        sweep_tables("amou", before=LATER, now=LATER)
        assert list(lake_root().iterdir()) == []

    def test_lets_the_name_be_used_again(self):
        write(3)
        sweep_tables("amou", before=LATER, now=LATER)
        write(5, after_s=60)
        assert [table.rows for table in list_tables()] == [5]


class TestRemoveVersions:
    def sweep(self, days: int) -> int:
        return remove_versions(lake_root() / AMOUNTS, NOW + timedelta(days=days))

    def test_removes_those_that_were_replaced_before(self):
        for day in range(3):
            write(3 + day, after_s=day * 86400)
        assert self.sweep(2) == 1
        assert len(data_files()) == 2
        with pytest.raises(VersionUnknown):
            table_version(AMOUNTS, as_of=0)
        with connect({AMOUNTS: 1}) as lake:
            assert lake.execute("SELECT count(*) FROM amounts").fetchone() == (4,)

    def test_never_removes_the_newest(self):
        write(3)
        assert self.sweep(10_000) == 0
        assert table_version(AMOUNTS).rows == 3

    def test_keeps_files_that_a_later_version_still_has(self):
        write(3)
        write(2, after_s=60, mode=Mode.APPEND, start=3)
        assert self.sweep(1) == 1
        assert table_version(AMOUNTS).rows == 5
        assert len(data_files()) == 2

    def test_goes_on_where_it_was_stopped_and_does_nothing_twice(self):
        for day in range(3):
            write(3 + day, after_s=day * 86400)
        assert (self.sweep(2), self.sweep(2), self.sweep(3)) == (1, 0, 1)
        assert len(data_files()) == 1

    def test_is_not_asked_for_by_the_time_of_the_city_either(self):
        write(3)
        write(5, after_s=86400)
        self.sweep(2)
        with pytest.raises(VersionUnknown):
            table_version(AMOUNTS, as_of=NOW + timedelta(hours=1))


def stage() -> Path:
    """A data file with its key index, as a write that is killed before its version leaves it."""
    batch = pa.RecordBatch.from_arrays([pa.array(["k9"]), pa.array([9])], schema=SCHEMA)
    (part,) = stage_parts(Target(AMOUNTS, SCHEMA, "code"), [batch], root=lake_root())
    return part.path


def grow_old(folder: Path) -> None:
    for path in folder.rglob("*.*"):
        os.utime(path, (0, 0))


class TestRemoveUnnamed:
    def test_removes_what_a_killed_write_left(self):
        left = stage()
        write(3)
        write(5, after_s=60)
        grow_old(lake_root() / AMOUNTS)
        sweep_versions(before=NOW, now=LATER)
        assert not left.exists()
        assert len(data_files()) == len(list((lake_root() / AMOUNTS / "_keys").iterdir())) == 2
        with connect({AMOUNTS: 0}) as lake:
            assert lake.execute("SELECT count(*) FROM amounts").fetchone() == (3,)
        told = [each.entry.data for each in list_entries().entries if each.entry.action == "lake.swept"]
        assert told == [{"files": 1}]

    def test_leaves_what_may_still_become_a_version(self):
        write(3)
        left = stage()
        assert remove_unnamed(lake_root() / AMOUNTS, NOW) == 0
        assert left.exists()

    def test_keeps_files_that_only_a_version_in_between_names(self):
        for day in range(3):
            write(3 + day, after_s=day * 86400)
        grow_old(lake_root() / AMOUNTS)
        assert remove_unnamed(lake_root() / AMOUNTS, LATER) == 0
        with connect({AMOUNTS: 1}) as lake:
            assert lake.execute("SELECT count(*) FROM amounts").fetchone() == (4,)

    def test_knows_no_version_where_the_first_write_was_killed(self):
        left = stage()
        assert remove_unnamed(lake_root() / AMOUNTS, LATER) == 1
        assert not left.exists()


class TestCommit:
    def test_takes_its_files_back_when_it_fails(self, monkeypatch):
        write(3)
        before = data_files()
        monkeypatch.setattr("zhicheng.core.lake.gate.versions.DeltaTable.create_write_transaction", refuse)
        with pytest.raises(TableChangedMeanwhile):
            write(5, after_s=60)
        assert data_files() == before
        assert len(list((lake_root() / AMOUNTS / "_keys").iterdir())) == len(before)


class TestRejections:
    def test_go_with_the_versions_of_their_time_and_are_not_said_to_be_none(self, tmp_path: Path):
        reports = [
            ingest(RESIDENT, write_csv(tmp_path, line), mode=Mode.REPLACE, actor=CLERK, now=NOW)
            for line in ("li,1990-02-30,,,,,true", "li,1990-02-20,,,,,true")
        ]
        sweep_versions(before=NOW, now=NOW)
        assert [len(list_rejections(report.id)) for report in reports] == [1, 0]
        grow_old(lake_root() / "_rejected")
        sweep_versions(before=NOW, now=LATER)
        assert list_rejections(reports[1].id) == []
        with pytest.raises(RejectionsSwept):
            list_rejections(reports[0].id)
