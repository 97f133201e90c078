"""What goes from the copy of the lake, and what stays."""

import shutil
from datetime import timedelta

import pytest

from zhicheng.core.lake.gate.sweeping import remove_table, remove_versions
from zhicheng.core.lake.gate.trimming import trim
from zhicheng.core.lake.public import (
    Copier,
    copy_state,
    lake_root,
)
from zhicheng.core.lake.tests.conftest import NOW
from zhicheng.core.lake.tests.copies import AMOUNTS, LATER, copied, server, store, there, write

__all__ = ["server", "store"]  # fixtures
pytestmark = pytest.mark.usefixtures("store")


class TestTidying:
    def test_removes_what_was_swept_here(self, store):
        copier = Copier()
        for number in range(3):
            write(3, after_s=number)
        copier.attempt(NOW)
        gone = {path.name for path in (lake_root() / AMOUNTS).glob("*.parquet")}
        remove_versions(lake_root() / AMOUNTS, NOW + timedelta(days=1))
        gone -= {path.name for path in (lake_root() / AMOUNTS).glob("*.parquet")}
        assert len(gone) == 2
        copier.attempt(LATER)
        assert not {f"{AMOUNTS}/{name}" for name in gone} & copied(store)
        assert f"{AMOUNTS}/_swept" in copied(store)
        assert there(store).to_pyarrow_table().num_rows == 3

    def test_goes_on_from_a_checkpoint_where_versions_went_before_they_were_carried(self, store, monkeypatch):
        monkeypatch.setattr("zhicheng.core.lake.gate.trimming._FEW", 1)
        copier = Copier()
        write(3)
        copier.attempt(NOW)
        for number in range(1, 5):
            write(number, after_s=number)
        trim(lake_root() / AMOUNTS, NOW + timedelta(days=1))
        write(9, after_s=10)
        copier.attempt(LATER)
        copier.attempt(LATER)
        assert copy_state().behind == {}
        assert there(store).version() == 5
        assert there(store).to_pyarrow_table().num_rows == 9
        assert f"{AMOUNTS}/_delta_log/{0:020d}.json" not in copied(store)

    def test_never_removes_what_the_copy_still_names(self, store):
        copier = Copier()
        write(3)
        copier.attempt(NOW)
        for path in (lake_root() / AMOUNTS).glob("*.parquet"):
            path.unlink()
        copier.attempt(LATER)
        assert there(store).to_pyarrow_table().num_rows == 3

    def test_removes_a_table_that_was_removed_here(self, store):
        copier = Copier()
        write(3)
        write(3, table="kept")
        copier.attempt(NOW)
        remove_table(lake_root() / AMOUNTS)
        copier.attempt(LATER)
        assert {key.partition("/")[0] for key in copied(store)} == {"kept", "_owner"}

    def test_keeps_a_table_that_was_lost_here_and_tells(self, store):
        copier = Copier()
        write(3)
        copier.attempt(NOW)
        shutil.rmtree(lake_root() / AMOUNTS)
        copier.attempt(LATER)
        assert there(store).to_pyarrow_table().num_rows == 3
        assert copy_state().told.lost == (AMOUNTS,)

    def test_begins_anew_a_table_whose_name_was_used_again(self, store):
        copier = Copier()
        write(3)
        copier.attempt(NOW)
        remove_table(lake_root() / AMOUNTS)
        write(8, after_s=60)
        copier.attempt(NOW)
        assert there(store).to_pyarrow_table().num_rows == 8
        assert there(store).version() == 0
