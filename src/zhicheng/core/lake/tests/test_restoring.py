"""Coming back from the copy of the lake: on an empty disk, after an old backup, with two histories."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from zhicheng.core.lake.errors import (
    CopyEmpty,
    CopyFailed,
    CopyIncomplete,
    CopyInUse,
    CopyMisplaced,
    CopyOwned,
    TableUnknown,
    VersionUnknown,
)
from zhicheng.core.lake.gate.objects import Held, ObjectStore
from zhicheng.core.lake.gate.sweeping import remove_versions
from zhicheng.core.lake.public import (
    Copier,
    append_unlocked,
    connect,
    copy_anew,
    copy_state,
    lake_root,
    list_tables,
    list_versions,
    require_no_other_lake,
    restore_lake,
    table_version,
)
from zhicheng.core.lake.tests.conftest import NOW, RESIDENT
from zhicheng.core.lake.tests.copies import (
    AMOUNTS,
    BUCKET,
    LATER,
    PREFIX,
    copied,
    lose_disk,
    server,
    store,
    there,
    write,
)
from zhicheng.core.lake.values import Mode

__all__ = ["server", "store"]  # fixtures
pytestmark = pytest.mark.usefixtures("store")


class TestRestoreLake:
    def test_brings_everything_back(self, store, settings, tmp_path):
        write(3)
        write(5, after_s=60)
        append_unlocked(lake_root(), RESIDENT, [{"resident_key": "a", "employed": True}], now=NOW)
        before = list_tables()
        Copier().attempt(NOW)
        lose_disk(settings, tmp_path)
        brought = list(restore_lake(now=LATER))
        assert {each.table for each in brought} == {AMOUNTS, RESIDENT.code}
        assert list_tables() == before
        assert [version.rows for version in list_versions(AMOUNTS)] == [5, 3]
        with connect([RESIDENT.code]) as lake:
            assert lake.execute("SELECT resident_key FROM resident").fetchall() == [("a",)]

    def test_goes_on_copying_afterwards(self, store, settings, tmp_path):
        write(3)
        Copier().attempt(NOW)
        lose_disk(settings, tmp_path)
        list(restore_lake(now=LATER))
        write(2, after_s=60, mode=Mode.APPEND)
        assert Copier().attempt(LATER) == 1
        assert there(store).to_pyarrow_table().num_rows == 5

    def test_keeps_the_mark_of_swept_versions(self, settings, tmp_path):
        for number in range(3):
            write(3, after_s=number)
        remove_versions(lake_root() / AMOUNTS, NOW + timedelta(days=1))
        Copier().attempt(NOW)
        lose_disk(settings, tmp_path)
        list(restore_lake(now=LATER))
        with pytest.raises(VersionUnknown):
            table_version(AMOUNTS, as_of=0)

    def test_goes_on_where_it_was_interrupted(self, settings, tmp_path, monkeypatch):
        for number in range(3):
            write(3, after_s=number, mode=Mode.APPEND)
        Copier().attempt(NOW)
        lose_disk(settings, tmp_path)
        fetched: list[str] = []
        fetch = ObjectStore.fetch

        def cut_off(self, key, path):
            if len(fetched) >= 3:
                raise OSError("cut")
            fetched.append(key)
            fetch(self, key, path)

        monkeypatch.setattr(ObjectStore, "fetch", cut_off)
        with pytest.raises(OSError, match="cut"):
            list(restore_lake(now=LATER))
        assert list_tables() == []
        monkeypatch.setattr(ObjectStore, "fetch", lambda self, key, path: fetched.append(key) or fetch(self, key, path))
        list(restore_lake(now=LATER))
        assert table_version(AMOUNTS).rows == 9
        assert len(fetched) == len(set(fetched))

    def test_refuses_while_the_owner_writes(self, settings, tmp_path):
        write(3)
        Copier().attempt(NOW)
        lose_disk(settings, tmp_path)
        with pytest.raises(CopyInUse):
            list(restore_lake(now=NOW + timedelta(minutes=2)))
        assert len(list(restore_lake(now=NOW + timedelta(minutes=2), force=True))) == 1

    def test_brings_back_one_table_that_was_lost(self):
        write(3)
        write(4, table="kept")
        Copier().attempt(NOW)
        shutil.rmtree(lake_root() / AMOUNTS)
        brought = {each.table: each.was_here for each in restore_lake([AMOUNTS, "kept"], now=NOW)}
        assert brought == {AMOUNTS: False, "kept": True}
        assert table_version(AMOUNTS).rows == 3

    @pytest.mark.parametrize("name", ["../../out", "/tmp/zhicheng-out"])
    def test_writes_nothing_outside_of_the_lake(self, store, settings, tmp_path, name, monkeypatch):
        monkeypatch.setattr("zhicheng.core.lake.gate.objects._PAUSES_S", ())
        write(3)
        Copier().attempt(NOW)
        monkeypatch.setattr(
            ObjectStore, "list", lambda *_: iter([Held(f"{AMOUNTS}/_carried", 1), Held(f"{AMOUNTS}/{name}", 1)])
        )
        lose_disk(settings, tmp_path)
        with pytest.raises(CopyFailed):
            list(restore_lake(now=LATER))

    def test_leaves_out_a_table_that_is_not_whole(self, store, settings, tmp_path):
        write(3)
        Copier().attempt(NOW)
        part = next(key for key in copied(store) if key.endswith(".parquet"))
        store.client().put_object(Bucket=BUCKET, Key=f"{PREFIX}/{part}", Body=b"half")
        lose_disk(settings, tmp_path)
        with pytest.raises(CopyIncomplete, match="缺 1 个文件"):
            list(restore_lake(now=LATER))
        assert list_tables() == []
        with pytest.raises(CopyOwned):
            require_no_other_lake()

    def test_says_when_there_is_no_copy(self):
        with pytest.raises(CopyEmpty):
            list(restore_lake(now=NOW))

    def test_wants_a_key(self, settings):
        settings.LAKE_S3_KEY = ("", "", "")
        with pytest.raises(CopyMisplaced):
            list(restore_lake(now=NOW))


class TestDivergence:
    @pytest.fixture
    def behind(self, store, tmp_path) -> Path:
        """A disk as it was before the last version, which the copy has."""
        write(3)
        Copier().attempt(NOW)
        backup = tmp_path / "backup"
        shutil.copytree(lake_root(), backup)
        write(5, after_s=60)
        Copier().attempt(NOW)
        shutil.rmtree(lake_root())
        return Path(shutil.move(backup, lake_root()))

    @pytest.mark.usefixtures("behind")
    def test_is_none_where_a_backup_is_brought_up_to_the_copy(self, store, monkeypatch):
        fetched: list[str] = []
        fetch = ObjectStore.fetch
        monkeypatch.setattr(ObjectStore, "fetch", lambda self, key, path: fetched.append(key) or fetch(self, key, path))
        assert [each.was_here for each in restore_lake(now=LATER)] == [False]
        assert len([key for key in fetched if key.endswith(".parquet")]) == 1
        assert table_version(AMOUNTS).rows == 5
        write(6, after_s=90)
        assert Copier().attempt(LATER) == 1
        assert there(store).version() == 2
        assert [path.name for path in lake_root().glob(".*.*")] == [".copy.json"]

    @pytest.mark.usefixtures("behind")
    def test_is_refused(self, store):
        write(7, after_s=90)
        assert Copier().attempt(NOW) == 0
        assert "从第 1 版起与本机不同" in copy_state().told.faults[AMOUNTS]
        assert there(store).to_pyarrow_table().num_rows == 5

    @pytest.mark.usefixtures("behind")
    def test_is_ended_by_the_operator(self, store):
        write(7, after_s=90)
        copier = Copier()
        copier.attempt(NOW)
        assert copy_anew(AMOUNTS, now=NOW) == 2
        assert there(store).to_pyarrow_table().num_rows == 7
        assert copier.attempt(NOW + timedelta(minutes=2)) == 0
        assert copy_state().told.faults == {}

    def test_is_not_ended_by_removing_the_only_history_there_is(self, store):
        write(3)
        Copier().attempt(NOW)
        shutil.rmtree(lake_root() / AMOUNTS)
        with pytest.raises(TableUnknown):
            copy_anew(AMOUNTS, now=NOW)
        assert there(store).to_pyarrow_table().num_rows == 3
