"""Tables of readings in the lake's copy: partitions of days, files joined and swept every hour, a log that is cut."""

from datetime import timedelta

import pytest
from deltalake import DeltaTable

from zhicheng.core.lake.public import Copier, copy_state, restore_lake
from zhicheng.core.lake.tests.copies import BUCKET, PREFIX, copied, server, store, there
from zhicheng.core.lake.tests.stores import Store
from zhicheng.core.telemetry.operations.tending import join_files, open_tables
from zhicheng.core.telemetry.tests.test_ingest_tending import NOON, rows, tables

__all__ = ["server", "store", "tables"]  # fixtures
OBSERVATION = "observation"


def files(store: Store) -> set[str]:
    return {key for key in copied(store) if key.startswith(f"{OBSERVATION}/day=")}


class TestCopiedReadings:
    @pytest.fixture
    def joined(self, tables, store):
        """Five small files were carried, and then joined into one."""
        copier = Copier()
        for number in range(5):
            part = rows(2, NOON + timedelta(minutes=number), every_s=30)
            tables.raw.commit(tables.raw.write(part), at=NOON)
        assert copier.attempt(NOON) == 5
        assert len(files(store)) == 5
        join_files(tables.raw, now=NOON + timedelta(hours=2))
        return copier

    def test_follow_when_files_are_joined_and_swept(self, tables, store, joined):
        tables.raw.sweep(keep_hours=0)
        joined.attempt(NOON + timedelta(hours=2))
        assert len(files(store)) == 1
        assert there(store, OBSERVATION).to_pyarrow_table().num_rows == 10
        assert copy_state().behind == {}

    def test_go_on_from_a_checkpoint_where_the_log_was_cut(self, tables, store, joined):
        tables.raw.commit(tables.raw.write(rows(3, NOON + timedelta(hours=1))), at=NOON)
        tables.raw.sweep(keep_hours=0)
        log = tables.raw.folder / "_delta_log"
        DeltaTable(str(tables.raw.folder)).create_checkpoint()
        newest = DeltaTable(str(tables.raw.folder)).version()
        for version in range(newest):
            (log / f"{version:020d}.json").unlink()
        joined.attempt(NOON + timedelta(hours=2))
        assert there(store, OBSERVATION).version() == newest
        assert there(store, OBSERVATION).to_pyarrow_table().num_rows == 13
        assert not {key for key in copied(store) if key.endswith(".json") and int(key[-25:-5]) < newest}

    def test_come_back(self, tables, store, joined, settings, tmp_path):
        joined.attempt(NOON + timedelta(minutes=1))
        settings.HOME = tmp_path / "another"
        assert [each.table for each in restore_lake(now=NOON + timedelta(hours=2))] == [OBSERVATION]
        found = open_tables()
        found.refresh()
        assert sum(file.rows for file in found.raw.files()) == 10
        assert f"s3://{BUCKET}/{PREFIX}" == settings.LAKE_S3
