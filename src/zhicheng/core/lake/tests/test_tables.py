"""Versions, connections, facts."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from zhicheng.core.lake.errors import (
    BadTableName,
    EntityUndeclared,
    OnlyReading,
    QueryFailed,
    QueryTooSlow,
    TableUnknown,
    VersionUnknown,
)
from zhicheng.core.lake.gate import keys
from zhicheng.core.lake.gate.parts import GROUP_ROWS
from zhicheng.core.lake.public import (
    Target,
    connect,
    facts_of,
    ingest,
    lake_root,
    list_tables,
    table_version,
    write_table,
)
from zhicheng.core.lake.tests.conftest import CLERK, NOW, RESIDENT, write_csv
from zhicheng.core.lake.values import Mode
from zhicheng.core.ledger.public import list_entries

pytestmark = pytest.mark.django_db
SCHEMA = pa.schema([("code", pa.string()), ("amount", pa.int64())])


def write(count: int, after_s: int = 0, mode: Mode = Mode.REPLACE, start: int = 0) -> None:
    codes = [f"k{number:07d}" for number in range(start, start + count)]
    batch = pa.RecordBatch.from_arrays([pa.array(codes), pa.array(np.arange(start, start + count))], schema=SCHEMA)
    write_table(Target("amounts", SCHEMA, "code", mode), [batch], actor=CLERK, now=NOW + timedelta(seconds=after_s))


class TestVersions:
    def test_count_up_and_stay_readable(self):
        write(3)
        write(5, after_s=60)
        assert [version.label for version in list_tables()] == ["amounts@1"]
        with connect({"amounts": 0}) as lake:
            assert lake.execute("SELECT count(*) FROM amounts").fetchone() == (3,)

    def test_are_found_by_the_time_of_the_city(self):
        write(3)
        write(5, after_s=60)
        assert table_version("amounts", as_of=NOW + timedelta(seconds=59)).version == 0
        assert table_version("amounts", as_of=NOW + timedelta(seconds=60)).version == 1
        with pytest.raises(VersionUnknown):
            table_version("amounts", as_of=NOW - timedelta(seconds=1))

    def test_have_a_digest_of_their_own(self):
        write(3)
        first = table_version("amounts").digest
        write(3, after_s=1)
        assert table_version("amounts").digest != first
        assert table_version("amounts", as_of=0).digest == first

    def test_are_told_to_the_ledger(self):
        write(3)
        entry = list_entries().entries[0].entry
        assert (entry.action, entry.subject, entry.data["rows"]) == ("lake.write", "table:amounts@0", 3)

    def test_keep_every_row_over_row_groups_and_appends(self):
        write(2 * GROUP_ROWS + 5)
        write(10, after_s=1, mode=Mode.APPEND, start=2 * GROUP_ROWS + 5)
        total = 2 * GROUP_ROWS + 15
        with connect() as lake:
            found = lake.execute("SELECT count(*), count(DISTINCT code), sum(amount) FROM amounts").fetchone()
        assert found == (total, total, total * (total - 1) // 2)

    @pytest.mark.parametrize("name", ["../out", "Person", "", "a b", "x" * 64])
    def test_refuse_a_name_that_is_no_table(self, name: str):
        with pytest.raises(BadTableName):
            table_version(name)

    def test_are_unknown_before_the_first_write(self):
        with pytest.raises(TableUnknown):
            table_version("amounts")


class TestConnection:
    @pytest.mark.parametrize(
        "sql",
        [
            "DROP VIEW amounts",
            "CREATE TABLE x AS SELECT 1",
            "COPY (SELECT 1) TO '/tmp/zhicheng-lake-out.csv'",
            "SET threads = 8",
            "SELECT 1; SELECT 2",
            "ATTACH '/tmp/zhicheng-lake.db'",
        ],
    )
    def test_only_reads(self, sql: str):
        write(1)
        with connect() as lake, pytest.raises(OnlyReading):
            lake.execute(sql)

    def test_reads_no_file_beside_its_tables(self, tmp_path: Path):
        write(1)
        (tmp_path / "secret.csv").write_text("a\n1\n")
        with connect() as lake:
            for call in (f"read_csv('{tmp_path}/secret.csv')", f"'{tmp_path}/secret.csv'", "read_text('/etc/passwd')"):
                with pytest.raises(QueryFailed):
                    lake.execute(f"SELECT * FROM {call}").fetchall()

    def test_says_what_is_wrong_with_a_query(self):
        write(1)
        with connect() as lake, pytest.raises(QueryFailed, match="nothing_like_it"):
            lake.execute("SELECT nothing_like_it FROM amounts")

    def test_stops_what_takes_too_long_and_answers_the_next(self):
        write(1)
        endless = "SELECT count(*) FROM range(1000000000000) a, amounts WHERE a.range % 7 = amount"
        with connect() as lake:
            with pytest.raises(QueryTooSlow, match=r"超过 0\.2 秒"):
                lake.rows(endless, limit_s=0.2)
            assert lake.rows("SELECT amount FROM amounts", limit_s=10) == [(0,)]

    def test_has_several_answers_open(self):
        write(3)
        with connect() as lake:
            first = lake.execute("SELECT amount FROM amounts ORDER BY 1")
            assert first.fetchone() == (0,)
            assert lake.table("SELECT max(amount) AS most FROM amounts").to_pylist() == [{"most": 2}]
            assert first.fetchall() == [(1,), (2,)]

    def test_divides_a_table_between_several(self):
        write(3)
        write(2, after_s=1, mode=Mode.APPEND, start=3)
        counts = []
        for index in range(3):
            with connect(["amounts"], share=(index, 3)) as lake:
                counts.append(lake.execute("SELECT count(*) FROM amounts").fetchall()[0][0])
        assert sorted(counts) == [0, 2, 3]

    def test_gives_large_answers_in_batches(self):
        write(GROUP_ROWS * 2)
        with connect() as lake:
            batches = list(lake.stream("SELECT * FROM amounts", rows=GROUP_ROWS))
        assert sum(batch.num_rows for batch in batches) == GROUP_ROWS * 2
        assert len(batches) > 1


class TestFactsOf:
    def take(self, folder: Path, months: int, after_s: int = 0) -> None:
        source = write_csv(folder, f"li,1990-05-01,female,0,{months},0.5,true", "wang,,,,,,0")
        ingest(RESIDENT, source, actor=CLERK, now=NOW + timedelta(seconds=after_s))

    def test_gives_values_with_their_sources(self, tmp_path: Path):
        self.take(tmp_path, 12)
        found = facts_of(RESIDENT, "li")
        assert found is not None
        assert found.facts["born"].value == date(1990, 5, 1)
        assert found.facts["born"].source == "测试库，2026年3月4日版本，出生日期［resident.born@0］"
        assert found.version == table_version("resident")

    def test_gives_unknown_facts_as_none(self, tmp_path: Path):
        self.take(tmp_path, 12)
        found = facts_of(RESIDENT, "wang", columns=["months", "employed"])
        assert found is not None
        assert {code: fact.value for code, fact in found.facts.items()} == {"months": None, "employed": False}

    def test_knows_nobody_who_is_not_there(self, tmp_path: Path):
        self.take(tmp_path, 12)
        assert facts_of(RESIDENT, "zhao") is None

    def test_answers_as_of_an_earlier_day(self, tmp_path: Path):
        self.take(tmp_path, 12)
        self.take(tmp_path, 13, after_s=60)
        then, today = facts_of(RESIDENT, "li", as_of=NOW), facts_of(RESIDENT, "li")
        assert then is not None
        assert today is not None
        assert (then.facts["months"].value, today.facts["months"].value) == (12, 13)

    def test_finds_every_key_of_a_large_table(self):
        write(GROUP_ROWS + 100)
        table = type(RESIDENT)("amounts", "金额", "code", "测试库", ())
        for number in (0, GROUP_ROWS - 1, GROUP_ROWS, GROUP_ROWS + 99):
            found = facts_of(table, f"k{number:07d}")
            assert found is not None

    def test_makes_a_lost_index_again(self, tmp_path: Path):
        self.take(tmp_path, 12)
        for path in (lake_root() / "resident" / keys.FOLDER).iterdir():
            path.unlink()
        keys._mapped.cache_clear()
        assert facts_of(RESIDENT, "li") is not None

    def test_refuses_an_entity_that_no_pack_declares(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("zhicheng.core.packs.queries.definitions.current_release", lambda: type("R", (), {"id": 0}))
        with pytest.raises(EntityUndeclared):
            facts_of("resident", "li")
