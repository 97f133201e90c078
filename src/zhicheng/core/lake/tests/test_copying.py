"""Carrying the lake into an object store: what foreign readers see there, what goes wrong, and whose copy it is."""

import json
from datetime import timedelta

import pytest
from deltalake import DeltaTable

from zhicheng.core.lake.errors import (
    CopyFailed,
    CopyOwned,
)
from zhicheng.core.lake.gate.objects import ObjectStore
from zhicheng.core.lake.operations.copying import only_copier
from zhicheng.core.lake.public import (
    Copier,
    append_unlocked,
    copy_state,
    lake_root,
    require_no_other_lake,
    restore_lake,
    table_version,
)
from zhicheng.core.lake.queries.copies import open_store
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


class TestCopier:
    def test_carries_every_version_for_any_reader_of_delta(self, store):
        write(3)
        write(5, after_s=60)
        assert Copier().attempt(NOW) == 2
        assert [there(store, version=version).to_pyarrow_table().num_rows for version in (0, 1)] == [3, 5]
        assert there(store).version() == table_version(AMOUNTS).version
        assert there(store).to_pyarrow_table().sort_by("cents").column("id").to_pylist()[0] == "60-0"

    def test_carries_what_is_new_since(self, store):
        copier = Copier()
        write(3)
        copier.attempt(NOW)
        write(2, after_s=60, mode=Mode.APPEND)
        assert copy_state().behind == {AMOUNTS: 1}
        assert copier.attempt(NOW + timedelta(seconds=61)) == 1
        assert there(store).to_pyarrow_table().num_rows == 5
        assert copy_state().behind == {}

    def test_carries_checkpoints_and_where_the_last_one_is(self, store):
        for number in range(3):
            write(1, after_s=number)
        DeltaTable(str(lake_root() / AMOUNTS)).create_checkpoint()
        Copier().attempt(NOW)
        key = f"{PREFIX}/{AMOUNTS}/_delta_log/_last_checkpoint"
        last = json.loads(store.client().get_object(Bucket=BUCKET, Key=key)["Body"].read())
        assert last["version"] == 2
        assert f"{AMOUNTS}/_delta_log/{2:020d}.checkpoint.parquet" in copied(store)

    def test_carries_the_mark_by_which_the_newest_row_wins(self, store):
        append_unlocked(lake_root(), RESIDENT, [{"resident_key": "a", "employed": True}], now=NOW)
        Copier().attempt(NOW)
        assert f"{RESIDENT.code}/_newest" in copied(store)

    def test_sends_a_large_file_in_parts(self, store, monkeypatch):
        monkeypatch.setattr("zhicheng.core.lake.gate.objects.PART_BYTES", 5 * 1024 * 1024)
        path = lake_root() / "large"
        path.parent.mkdir()
        path.write_bytes(bytes(range(256)) * 50_000)
        with open_store() as objects:
            objects.put_file("large", path)
            objects.fetch("large", path.with_name("back"))
        assert path.with_name("back").read_bytes() == path.read_bytes()

    def test_lists_and_removes_more_than_fits_in_one_answer(self, store, monkeypatch):
        monkeypatch.setattr("zhicheng.core.lake.gate.objects.PAGE", 2)
        names = [f"many/day=2026-11-2{number}/a&b '{number}'" for number in range(5)]
        with open_store() as objects:
            for name in names:
                objects.put(name, b"1")
            assert [held.key for held in objects.list("many")] == names
            objects.delete(names[:4])
            assert [held.key for held in objects.list("many")] == names[4:]

    def test_names_no_checkpoint_that_was_not_carried(self, store):
        copier = Copier()
        for number in range(4):
            write(1, after_s=number)
        table = lake_root() / AMOUNTS
        DeltaTable(str(table)).create_checkpoint()
        copier.attempt(NOW)
        DeltaTable(str(table), version=1).create_checkpoint()
        copier.attempt(LATER)
        last = (table / "_delta_log" / "_last_checkpoint").read_bytes()
        key = f"{PREFIX}/{AMOUNTS}/_delta_log/_last_checkpoint"
        assert store.client().get_object(Bucket=BUCKET, Key=key)["Body"].read() == last
        assert f"{AMOUNTS}/_delta_log/{1:020d}.checkpoint.parquet" in copied(store)
        assert there(store).version() == 3

    def test_is_off_without_a_setting(self, store, settings):
        settings.LAKE_S3 = ""
        write(3)
        assert Copier().attempt(NOW) == 0
        assert copied(store) == set()
        assert copy_state() is None


class TestTrouble:
    @pytest.mark.parametrize(
        ("setting", "value", "said"),
        [
            ("LAKE_S3_KEY", ("nobody", "wrong", ""), "拒绝了访问"),
            ("LAKE_S3", "s3://no-such-bucket/lake", "没有桶“no-such-bucket”"),
            ("LAKE_S3", "/var/lake", "应写成 s3://桶/前缀"),
            ("LAKE_S3_ENDPOINT", "http://127.0.0.1:9", "连不上对象存储"),
            ("LAKE_S3_KEY", ("", "", ""), "AWS_SECRET_ACCESS_KEY"),
        ],
    )
    def test_is_told_and_keeps_no_work(self, settings, monkeypatch, setting, value, said):
        monkeypatch.setattr("zhicheng.core.lake.gate.objects._PAUSES_S", ())
        setattr(settings, setting, value)
        write(3)
        assert Copier().attempt(NOW) == 0
        assert said in copy_state().told.fault
        write(4, after_s=60)
        assert table_version(AMOUNTS).rows == 4
        assert copy_state().versions_behind == 2

    def test_of_the_store_is_made_up_for_when_it_is_back(self, store, settings, monkeypatch):
        monkeypatch.setattr("zhicheng.core.lake.gate.objects._PAUSES_S", ())
        copier = Copier()
        write(3)
        settings.LAKE_S3_ENDPOINT = "http://127.0.0.1:9"
        copier.attempt(NOW)
        settings.LAKE_S3_ENDPOINT = store.url
        assert copier.attempt(NOW + timedelta(seconds=2)) == 0  # it rests
        assert copier.attempt(NOW + timedelta(seconds=6)) == 1
        assert copy_state().told.fault == ""

    def test_of_one_table_keeps_no_other(self, store):
        write(3)
        write(3, table="broken")
        log = lake_root() / "broken" / "_delta_log" / f"{0:020d}.json"
        text = log.read_text()
        log.write_text("{")
        copier = Copier()
        assert copier.attempt(NOW) == 1
        assert set(copy_state().told.faults) == {"broken"}
        log.write_text(text)
        assert copier.attempt(NOW + timedelta(minutes=2)) == 1
        assert copy_state().told.faults == {}

    def test_with_one_object_keeps_no_other_table(self, monkeypatch):
        def refuse(self, key, path):
            if key.startswith("a_refused/"):
                raise CopyFailed(status=400, reason="EntityTooLarge", key=key)
            put_file(self, key, path)

        put_file = ObjectStore.put_file
        monkeypatch.setattr(ObjectStore, "put_file", refuse)
        write(3)
        write(3, table="a_refused")
        assert Copier().attempt(NOW) == 1
        assert "EntityTooLarge" in copy_state().told.faults["a_refused"]
        assert copy_state().behind == {"a_refused": 1}

    def test_in_the_middle_leaves_a_table_that_can_be_read(self, store, monkeypatch):
        write(3)
        Copier().attempt(NOW)
        write(5, after_s=60)
        monkeypatch.setattr(ObjectStore, "put_new", lambda *_: (_ for _ in ()).throw(OSError("cut")))
        Copier().attempt(NOW)
        assert there(store).to_pyarrow_table().num_rows == 3
        monkeypatch.undo()
        assert Copier().attempt(NOW) == 1
        assert there(store).to_pyarrow_table().num_rows == 5


class TestOnlyCopier:
    def test_lets_another_process_finish_its_round(self):
        write(3)
        with only_copier(wait=True):
            assert Copier().attempt(NOW) == 0
        assert Copier().attempt(NOW) == 1


class TestOwning:
    def test_refuses_a_second_city(self, store, settings, tmp_path):
        write(3)
        Copier().attempt(NOW)
        lose_disk(settings, tmp_path)
        write(9)
        assert Copier().attempt(NOW) == 0
        assert "换一个前缀" in copy_state().told.fault
        assert there(store).to_pyarrow_table().num_rows == 3

    def test_refuses_an_empty_disk_and_says_what_to_do(self, settings, tmp_path):
        require_no_other_lake()
        write(3)
        Copier().attempt(NOW)
        require_no_other_lake()
        lose_disk(settings, tmp_path)
        with pytest.raises(CopyOwned, match="zhicheng lake restore"):
            require_no_other_lake()

    def test_refuses_who_was_taken_over(self, store, settings, tmp_path):
        old = settings.HOME
        write(3)
        Copier().attempt(NOW)
        lose_disk(settings, tmp_path)
        list(restore_lake(now=NOW + timedelta(minutes=11)))
        settings.HOME = old
        write(7, after_s=60)
        assert Copier().attempt(NOW + timedelta(minutes=12)) == 0
        assert there(store).to_pyarrow_table().num_rows == 3

    def test_leaves_what_else_lies_below_the_prefix(self, store):
        store.client().put_object(Bucket=BUCKET, Key=f"{PREFIX}/theirs/part.parquet", Body=b"data")
        write(3)
        Copier().attempt(NOW)
        assert "theirs/part.parquet" in copied(store)
