"""From appeals to values: counted where they lie, again when they change, missing where nothing is known."""

from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pytest

from zhicheng.apps.appeals.tests.town import NOW, later
from zhicheng.apps.governance.errors import IndicatorUnknown, PeriodMalformed
from zhicheng.apps.governance.models import IndicatorProgress, IndicatorRun
from zhicheng.apps.governance.public import (
    Task,
    by_area,
    compute,
    compute_next,
    explain,
    latest_values,
    list_indicators,
    narrow_indicator,
    run_indicators,
    series,
)
from zhicheng.apps.governance.queries import catalogue, explaining
from zhicheng.apps.governance.tests.days import EAST_BRIDGE, TODAY, TOWN_AREA, WEST_RIDGE, appeals, follow
from zhicheng.apps.governance.values import State
from zhicheng.core.lake.public import Target, connect, project_changes, table_version, write_table
from zhicheng.core.ledger.public import relay_outbox

pytestmark = pytest.mark.usefixtures("lake", "monday")


class TestComputeNext:
    def test_counts_for_the_town_and_each_of_its_parts(self):
        appeals(east=2, west=1)
        follow()
        assert latest_values(codes=["appeal.received"])["appeal.received"].value == 3
        assert latest_values(EAST_BRIDGE)["appeal.received"].value == 2
        assert latest_values(WEST_RIDGE)["appeal.received"].text == "1 件"

    def test_looks_only_where_something_has_changed(self):
        appeals(east=1)
        assert follow() == 4
        runs = IndicatorRun.objects.count()
        assert follow(later(minutes=2)) > 0
        fresh = IndicatorRun.objects.exclude(base="appeal_open").count()
        assert fresh == IndicatorRun.objects.filter(at=NOW).exclude(base="appeal_open").count()
        assert runs == 4

    def test_counts_again_the_day_that_a_late_row_belongs_to(self):
        appeals(east=1)
        follow()
        appeals(west=1, now=later(days=2))
        follow(later(days=2))
        assert [point.value for point in series("appeal.received", since=TODAY)] == [1, 0, 1]

    def test_leaves_no_gap_where_the_worker_was_away_for_days(self):
        appeals(east=1)
        follow()
        appeals(east=1, now=later(hours=1))
        follow(later(days=6))
        assert [point.value for point in series("appeal.received", since=TODAY)] == [2, 0, 0, 0, 0, 0, 0]

    def test_forgets_a_step_that_the_pack_has_no_more(self):
        follow()
        IndicatorProgress.objects.create(base="building", step="hour", checked_at=NOW - timedelta(days=9))
        assert follow(later(seconds=1)) == 0

    def test_stores_a_value_once_until_it_changes(self):
        appeals(east=1)
        follow()
        version = table_version("indicator_value").version
        run_indicators(TODAY, TODAY, now=NOW)
        assert table_version("indicator_value").version == version

    def test_knows_the_day_by_the_clock_that_it_was_given(self):
        appeals(east=1, now=NOW - timedelta(days=1))
        appeals(east=1)
        follow()
        known = catalogue.get_catalogue()
        old = narrow_indicator(known.indicators["appeal.open"], "old", "opened_at < $today")
        with connect(["case"]) as lake:
            found = compute(Task(known.bases["appeal_open"], [old], "day", [TODAY], TOWN_AREA, NOW), lake, ()).values
        assert {each.area: each.value for each in found}[TOWN_AREA] == 1

    def test_says_which_versions_a_value_was_computed_from(self):
        appeals(east=1)
        follow()
        with connect(["indicator_value"]) as lake:
            sql = "SELECT DISTINCT versions FROM indicator_value WHERE indicator = 'appeal.received'"
            assert lake.execute(sql).fetchone()[0].startswith("case@")


class TestMissing:
    def test_is_what_an_area_has_of_an_indicator_that_is_not_told_of_its_level(self, monkeypatch):
        appeals(east=1)
        follow()
        whole = catalogue.get_catalogue()
        bare = {**whole.indicators, "appeal.urgent": replace(whole.indicators["appeal.urgent"], levels=("city",))}
        monkeypatch.setattr(catalogue, "_catalogue", lambda _release: replace(whole, indicators=bare))
        assert latest_values()["appeal.urgent"].value == 0
        found = latest_values(EAST_BRIDGE)["appeal.urgent"]
        assert (found.value, found.reason) == (None, "这个指标不分到这一级区域")
        assert {each.value for each in by_area("appeal.urgent", "community")} == {None}

    def test_is_never_nought(self):
        appeals(east=1)
        follow()
        found = latest_values()["building.count"]
        assert (found.value, found.text, found.state) == (None, "—", State.MISSING)
        assert found.reason == "数据表 layer_building 还没有数据"

    def test_ends_soon_after_the_table_comes_in(self):
        follow()
        assert latest_values()["building.count"].state is State.MISSING
        schema = pa.schema([("building_key", pa.string()), ("district", pa.string())])
        rows = pa.RecordBatch.from_pydict({"building_key": ["B1", "B2"], "district": ["990101"] * 2}, schema)
        write_table(Target("layer_building", schema, "building_key"), [rows], actor="system:test", now=NOW)
        follow(later(minutes=2))
        assert latest_values()["building.count"].value == 2

    def test_is_said_of_a_share_of_too_few(self):
        appeals(east=1)
        follow()
        assert latest_values()["appeal.urgent_share"].reason == "数量太少，不足以计算"

    def test_is_said_before_anything_was_computed(self):
        assert latest_values()["appeal.received"].reason == "还没有计算"

    def test_is_the_lot_of_the_one_that_fails_alone(self):
        appeals(east=1)
        broken = catalogue.get_catalogue()
        wrong = broken.indicators["appeal.urgent"]
        object.__setattr__(wrong, "aggregate", "count(nobody_knows)")
        follow()
        catalogue._catalogue.cache_clear()
        assert latest_values()["appeal.urgent"].reason == "计算没有成功，已记入运行记录"
        assert latest_values()["appeal.received"].value == 1
        assert IndicatorRun.objects.filter(failures__has_key="appeal.urgent").exists()


class TestRunIndicators:
    def test_computes_past_days_again(self):
        appeals(east=1)
        follow()
        reports = run_indicators("2026-02-28", TODAY, now=later(hours=1), codes=["appeal.received"])
        assert [(report.base, report.step, report.periods) for report in reports] == [
            ("appeal", "day", 3),
            ("appeal", "month", 2),
        ]

    def test_tells_a_stock_as_it_was(self):
        appeals(east=1, now=NOW - timedelta(days=1))
        follow()
        run_indicators("2026-02-28", TODAY, now=NOW, codes=["appeal.open"])
        assert [point.value for point in series("appeal.open", since="2026-02-28")] == [0, 1, 1]

    def test_knows_no_strange_indicator(self):
        with pytest.raises(IndicatorUnknown):
            run_indicators(TODAY, TODAY, now=NOW, codes=["nobody.knows"])


class TestSeries:
    def test_ends_where_it_is_told_however_early_it_is_asked_for(self):
        appeals(east=1)
        follow()
        assert len(series("appeal.received", since="1970-01-01")) == 800

    @pytest.mark.parametrize("since", ["9999-12-31", "0001-01-01", "aaaaaaaaaa", "2026-03"])
    def test_refuses_what_is_no_period_of_its_step(self, since: str):
        follow()
        with pytest.raises(PeriodMalformed):
            series("appeal.received", step="day", since=since)


class TestByArea:
    def test_lists_the_parts_of_an_area(self):
        appeals(east=2)
        follow()
        found = {each.name: each.value for each in by_area("appeal.received", "community")}
        assert found == {"东桥社区": 2, "西岭社区": 0}

    def test_knows_no_strange_indicator(self):
        with pytest.raises(IndicatorUnknown):
            by_area("nobody.knows", "community")


class TestExplain:
    def test_shows_the_rows_behind_a_value_page_by_page(self):
        numbers = {made.number for made in appeals(east=3, west=1)}
        follow()
        first = explain("appeal.received", EAST_BRIDGE, TODAY, count=2)
        rest = explain("appeal.received", EAST_BRIDGE, TODAY, count=2, after=first.after)
        assert (len(first.rows), len(rest.rows), rest.after, first.value) == (2, 1, "", 3)
        assert {row[0] for row in [*first.rows, *rest.rows]} < numbers
        assert first.columns[0] == ("number", "工单编号")

    def test_shows_them_as_they_were_when_it_was_computed(self):
        appeals(east=1)
        follow()
        appeals(east=1)
        follow(later(seconds=1))
        found = explain("appeal.received", TOWN_AREA, TODAY)
        assert (found.value, len(found.rows), found.is_as_of) == (1, 1, True)

    def test_asks_a_stock_as_of_the_instant_it_was_computed(self, monkeypatch):
        appeals(east=1)
        follow()
        appeals(east=1, now=later(hours=1))
        relay_outbox(now=later(hours=1))
        project_changes(now=later(hours=1))
        monkeypatch.setattr(explaining, "_open", lambda base, _versions: explaining._newest_of(base))
        found = explain("appeal.open", TOWN_AREA, TODAY)
        assert (found.value, len(found.rows), found.is_as_of) == (1, 1, False)

    def test_explains_what_is_missing(self):
        follow()
        found = explain("building.count", "", TODAY)
        assert (found.value, list(found.rows), found.reason) == (None, [], "数据表 layer_building 还没有数据")

    def test_reads_no_rows_where_none_are_wanted(self):
        appeals(east=1)
        follow()
        found = explain("appeal.received", "", TODAY, count=0)
        assert (found.value, found.rows, found.after, found.is_as_of) == (1, [], "", True)
        assert found.versions.keys() == {"case"}


class TestListIndicators:
    def test_has_those_of_a_group(self):
        assert {each.code for each in list_indicators("town")} == {each.code for each in list_indicators()}
        assert list_indicators("none") == []

    def test_computes_nothing_for_a_city_without_any(self, monkeypatch):
        monkeypatch.setattr("zhicheng.apps.governance.operations.running.get_catalogue", lambda: catalogue._NONE)
        assert compute_next(now=NOW) == 0
