"""Events become rows: newest state, once, whatever comes late, twice or in between."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

import pytest

from zhicheng.core.lake.base.projections import Projection
from zhicheng.core.lake.gate.versions import snapshot, table_folder
from zhicheng.core.lake.models import Change
from zhicheng.core.lake.operations import compacting, projecting
from zhicheng.core.lake.operations.noting import note_changed, note_changes
from zhicheng.core.lake.public import (
    append_rows,
    compact_tables,
    connect,
    lake_root,
    project_changes,
    projections,
    rebuild_missing,
    rebuild_table,
    sweep_changes,
    table_version,
)
from zhicheng.core.lake.registry import project
from zhicheng.core.lake.tests.conftest import NOW
from zhicheng.core.lake.values import Column, ColumnType, EntityTable
from zhicheng.core.ledger.public import list_entries, record, relay_outbox
from zhicheng.core.ledger.values import Entry, Event
from zhicheng.kit.ids import uuid7

pytestmark = pytest.mark.django_db
LAMPS = EntityTable(
    "lamp_state",
    "路灯",
    "lamp",
    "测试",
    (
        Column("lamp", "路灯", ColumnType.TEXT, nullable=False),
        Column("state", "状态", ColumnType.TEXT),
        Column("lit", "亮", ColumnType.BOOLEAN),
    ),
)
STREET: dict[str, str] = {}


def read_lamps(keys: Sequence[str]) -> Iterator[Mapping[str, object]]:
    for key in keys:
        if key in STREET:
            yield {"lamp": key, "state": STREET[key], "lit": STREET[key] == "lit", "owner": "nobody may know"}


def walk_lamps(after: str, count: int) -> list[str]:
    return sorted(key for key in STREET if key > after)[:count]


@pytest.fixture(params=[False, True], ids=["newest", "lasting"])
def lasting(request) -> bool:
    return bool(request.param)


@pytest.fixture(autouse=True)
def lamps(monkeypatch, lasting):
    STREET.clear()
    tables = {"lamp_state": LAMPS}
    for module in (projecting, compacting):
        monkeypatch.setattr(module, "find_entity", tables.get)
    project(Projection("lamp_state", read_lamps, walk_lamps, ("lamps.",), lasting=lasting))
    yield tables
    del projections._entries["lamp_state"]


def tell(lamp: str, state: str, minutes: int = 0) -> Event:
    STREET[lamp] = state
    at = NOW + timedelta(minutes=minutes)
    event = Event(uuid7(at), at, "lamps.switched", f"lamp:{lamp}")
    record(Entry(uuid7(at), at, "system:test", "lamps.switched", f"lamp:{lamp}"), events=[event])
    return event


def follow(minutes: int = 0) -> int:
    at = NOW + timedelta(minutes=minutes)
    relay_outbox(now=at)
    return project_changes(now=at)


def rows() -> list[tuple[str, str]]:
    with connect(["lamp_state"]) as lake:
        return lake.execute("SELECT lamp, state FROM lamp_state ORDER BY lamp, state").fetchall()


class TestProjectChanges:
    def test_writes_what_an_event_was_about_without_what_nobody_declared(self):
        tell("L1", "lit")
        assert follow() == 1
        assert rows() == [("L1", "lit")]
        with connect(["lamp_state"]) as lake:
            names = [column[0] for column in lake.execute("SELECT * FROM lamp_state").description]
        assert names == ["lamp", "state", "lit", "projected"]

    def test_is_not_misled_by_an_event_that_comes_twice_or_late(self):
        first = tell("L1", "lit")
        follow()
        note_changes(first, NOW)
        note_changes(first, NOW)
        assert project_changes(now=NOW) == 2
        assert rows() == [("L1", "lit")]

    def test_shows_the_newest_state_only(self, lasting):
        if lasting:
            pytest.skip("rows that last have one state")
        for minute, state in enumerate(("lit", "dark", "lit", "broken")):
            tell("L1", state, minute)
            tell("L2", "lit", minute)
            follow(minute)
        assert rows() == [("L1", "broken"), ("L2", "lit")]

    def test_keeps_old_versions_readable(self):
        tell("L1", "lit")
        follow()
        tell("L2", "lit", 1)
        follow(1)
        with connect({"lamp_state": 0}) as lake:
            assert lake.execute("SELECT count(*) FROM lamp_state").fetchone() == (1,)

    def test_repeats_what_was_interrupted_before_it_was_ticked_off(self, monkeypatch):
        tell("L1", "lit")
        relay_outbox(now=NOW)
        with monkeypatch.context() as broken:
            broken.setattr(projecting, "_REMOVE", "SELECT 1/0 WHERE %s IS NOT NULL")
            with pytest.raises(Exception, match="zero"):
                project_changes(now=NOW)
        assert (rows(), Change.objects.count()) == ([("L1", "lit")], 1)
        project_changes(now=NOW)
        assert (rows(), Change.objects.count()) == ([("L1", "lit")], 0)

    def test_gives_the_other_tables_their_turn_when_one_fails(self, lamps, monkeypatch):
        def find(name: str) -> EntityTable | None:
            if name == "a_broken_one":
                raise ValueError(name)
            return lamps.get(name)

        monkeypatch.setattr(projecting, "find_entity", find)
        note_changed("a_broken_one", ["B1"], now=NOW)
        tell("L1", "lit")
        relay_outbox(now=NOW)
        with pytest.raises(ValueError, match="a_broken_one"):
            project_changes(now=NOW)
        assert rows() == [("L1", "lit")]

    def test_forgets_changes_of_a_table_that_the_pack_does_not_have(self, lamps):
        lamps.clear()
        tell("L1", "lit")
        assert follow() == 0
        assert not Change.objects.exists()

    def test_makes_the_table_anew_when_its_declaration_has_changed(self, lamps):
        tell("L1", "lit")
        follow()
        STREET["L0"] = "dark"
        lamps["lamp_state"] = EntityTable("lamp_state", "路灯", "lamp", "测试", LAMPS.columns[:2])
        note_changed("lamp_state", ["L1"], now=NOW)
        project_changes(now=NOW)
        assert rows() == [("L0", "dark"), ("L1", "lit")]


class TestRebuild:
    def test_makes_the_table_from_all_things_there_are(self):
        STREET.update({f"L{number}": "lit" for number in range(7)})
        found = rebuild_table("lamp_state", actor="account:clerk", now=NOW)
        assert (found.rows, len(rows())) == (7, 7)
        assert list_entries().entries[0].entry.action == "lake.rebuilt"

    def test_leaves_out_what_is_gone(self):
        tell("L1", "lit")
        follow()
        STREET.clear()
        rebuild_table("lamp_state", actor="account:clerk", now=NOW)
        assert rows() == []

    def test_is_done_once_for_a_table_that_nobody_has_written(self, monkeypatch):
        STREET["L1"] = "lit"
        monkeypatch.setattr(projecting, "projections", [projections["lamp_state"]])
        monkeypatch.setattr(projecting, "rebuild_table", lambda name, **_: made.append(name))
        made: list[str] = []
        assert (rebuild_missing(now=NOW), made) == (1, ["lamp_state"])


class TestCompactTables:
    def test_merges_small_files_and_changes_no_row(self):
        for number in range(20):
            tell(f"L{number % 10}" if number < 10 else f"M{number}", f"state{number}", number)
            follow(number)
        before = rows()
        assert compact_tables(now=NOW + timedelta(hours=1)) == 1
        assert rows() == before
        assert len(snapshot(table_folder(lake_root(), "lamp_state")).files) == 1

    def test_goes_on_with_a_table_that_the_pack_does_not_have_any_more(self, lamps):
        for number in range(20):
            tell(f"L{number}", "lit", number)
            follow(number)
        lamps.clear()
        assert compact_tables(now=NOW + timedelta(hours=1)) == 1
        assert len(rows()) == 20

    def test_writes_each_key_once_when_much_has_changed(self, monkeypatch, lasting):
        if lasting:
            pytest.skip("rows that last are never written over")
        monkeypatch.setattr("zhicheng.core.lake.policy.tiering.BASE_LEAST", 2)
        for number, state in enumerate(("lit", "dark", "lit")):
            tell("L1", state, number)
            follow(number)
        compact_tables(now=NOW)
        assert table_version("lamp_state").rows == 1
        tell("L1", "dark", 9)
        tell("L2", "dark", 9)
        follow(9)
        assert rows() == [("L1", "dark"), ("L2", "dark")]


class TestSweepChanges:
    def test_removes_old_versions_with_their_log_and_no_row(self, monkeypatch):
        monkeypatch.setattr("zhicheng.core.lake.gate.trimming._FEW", 1)
        for number in range(20):
            tell(f"L{number}", "lit", number)
            follow(number)
        compact_tables(now=NOW + timedelta(hours=1))
        before = rows()
        assert sweep_changes(before=NOW + timedelta(days=1)) == 20
        assert rows() == before
        folder = table_folder(lake_root(), "lamp_state")
        assert len(list(folder.glob("*.parquet"))) == 1
        assert len(list((folder / "_delta_log").glob("*.json"))) == 1
        tell("L99", "lit", 90)
        follow(90)
        assert len(rows()) == 21


class TestAppendRows:
    def test_lets_the_newest_of_a_key_win(self, lasting):
        if lasting:
            pytest.skip("only where the newest wins")
        append_rows(LAMPS, [{"lamp": "L1", "state": "lit"}], now=NOW)
        append_rows(LAMPS, [{"lamp": "L1", "state": "dark"}], now=NOW)
        assert rows() == [("L1", "dark")]
        assert append_rows(LAMPS, [], now=NOW) is None
