"""The lake's copy in an object store: what foreign readers see there, and what comes back on an empty disk."""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from zhicheng.core.lake.errors import (
    CopyEmpty,
    CopyFailed,
    CopyIncomplete,
    CopyInUse,
    CopyMisplaced,
    CopyOwned,
    VersionUnknown,
)
from zhicheng.core.lake.gate.objects import Held, ObjectStore
from zhicheng.core.lake.gate.sweeping import remove_table, remove_versions
from zhicheng.core.lake.gate.trimming import trim
from zhicheng.core.lake.operations.copying import only_copier
from zhicheng.core.lake.public import (
    Copier,
    Target,
    append_unlocked,
    commit_parts,
    connect,
    copy_anew,
    copy_state,
    lake_root,
    list_tables,
    list_versions,
    require_no_other_lake,
    restore_lake,
    stage_parts,
    table_version,
)
from zhicheng.core.lake.queries.copies import open_store
from zhicheng.core.lake.tests.conftest import NOW, RESIDENT
from zhicheng.core.lake.tests.stores import REGION, Store, start_store
from zhicheng.core.lake.values import Mode

BUCKET, PREFIX = "city-lake", "sz/lake"
SCHEMA = pa.schema([("id", pa.string()), ("cents", pa.int64())])
AMOUNTS = "amounts"
LATER = NOW + timedelta(hours=2)


@pytest.fixture(scope="module")
def server() -> Iterator[Store]:
    process, store = start_store()
    yield store
    process.terminate()
    process.wait(10)


@pytest.fixture(autouse=True)
def store(server: Store, settings) -> Iterator[Store]:
    client = server.client()
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    settings.LAKE_S3, settings.LAKE_S3_REGION = f"s3://{BUCKET}/{PREFIX}", REGION
    settings.LAKE_S3_ENDPOINT, settings.LAKE_S3_VIRTUAL = server.url, False
    settings.LAKE_S3_KEY = (server.key_id, server.secret, "")
    yield server
    for key in server.keys(BUCKET):
        client.delete_object(Bucket=BUCKET, Key=key)
    client.delete_bucket(Bucket=BUCKET)


def write(rows: int, *, after_s: int = 0, mode: Mode = Mode.REPLACE, table: str = AMOUNTS) -> None:
    batch = pa.record_batch({"id": [f"{after_s}-{n}" for n in range(rows)], "cents": list(range(rows))}, schema=SCHEMA)
    target = Target(table, SCHEMA, None, mode)
    parts = stage_parts(target, [batch], root=lake_root())
    commit_parts(target, parts, at=NOW + timedelta(seconds=after_s), root=lake_root())


def there(store: Store, table: str = AMOUNTS, version: int | None = None) -> DeltaTable:
    """The copy as a reader sees it that knows nothing of us."""
    return DeltaTable(f"s3://{BUCKET}/{PREFIX}/{table}", version=version, storage_options=store.options())


def copied(store: Store) -> set[str]:
    return {key.removeprefix(f"{PREFIX}/") for key in store.keys(BUCKET)}


def lose_disk(settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "another"


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
    def behind(self, settings, tmp_path) -> Path:
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
        assert copy_anew(AMOUNTS, now=NOW) == 2
        assert there(store).to_pyarrow_table().num_rows == 7
        assert Copier().attempt(NOW) == 0
        assert copy_state().told.faults == {}
