import json

import pyarrow as pa
import pytest

from zhicheng.apps.twin.errors.commands import CommandRefused
from zhicheng.apps.twin.gate import commands_duck
from zhicheng.apps.twin.gate.commands_duck import ArrowTables
from zhicheng.apps.twin.policy.commands_sql import Statement
from zhicheng.apps.twin.public import ask_city, run_understood, understand, understand_plain
from zhicheng.apps.twin.queries import commands_tables
from zhicheng.apps.twin.queries.commands_tables import Session
from zhicheng.apps.twin.tests.small_city import NOW
from zhicheng.apps.twin.values.commands import Answer, Scene
from zhicheng.core.lake.errors import QueryTooSlow
from zhicheng.core.lake.public import connect
from zhicheng.core.parties.values import ANONYMOUS, Actor, ActorKind, Grant, system_actor

LEADER = Actor(ActorKind.OFFICIAL, grants=(Grant("leader", "YX", frozenset({"cockpit.view", "cases.read_subtree"})),))


pytestmark = pytest.mark.usefixtures("small_city")


def ask(text: str, actor: Actor = LEADER, scene: Scene | None = None) -> Answer:
    answer = ask_city(text, actor=actor, now=NOW, scene=scene)
    assert answer.refusal is None, answer.refusal
    return answer


class TestAskCity:
    def test_gives_rows_with_features_and_a_box(self):
        answer = ask("东桥社区40米以上的办公楼", ANONYMOUS)
        assert (answer.keys, answer.total, answer.limited) == (("B03",), 1, False)
        feature = json.loads(answer.features)["features"][0]
        assert feature["properties"]["name"] == "溪畔3号楼"
        assert answer.box[0] == pytest.approx(110.033, abs=1e-4)
        assert answer.cql2 == "height_m >= 40 AND use = 'office' AND community = '990101001001'"

    def test_ranks_rows(self):
        answer = ask("老人最多的3栋楼")
        assert answer.keys == ("B09", "B08", "B07")
        assert answer.columns[1].label == "65 岁及以上人数"

    def test_counts_and_sums(self):
        assert ask("办公楼有多少栋").value == 5
        assert ask("没有电梯的楼住了多少老人").value == 0 + 1 + 4 + 9
        assert ask("有电梯的办公楼占比").value == pytest.approx(30)

    def test_measures_by_area_and_paints_the_areas(self):
        answer = ask("各社区老人数量")
        assert [(row[0][-4:], row[1]) for row in answer.rows] == [("西岭社区", 255), ("东桥社区", 30)]
        values = [feature["properties"]["value"] for feature in json.loads(answer.features)["features"]]
        assert values == [255, 30]

    def test_counts_areas_without_any(self):
        answer = ask("没有学校的社区")
        assert [row[0][-4:] for row in answer.rows] == ["西岭社区"]

    def test_reads_cases_from_the_lake(self):
        answer = ask("上周噪音投诉最多的社区")
        assert [(row[0][-4:], row[1]) for row in answer.rows] == [("东桥社区", 2)]
        assert ask("超期未办结的工单").keys == ("c4",)
        assert ask("各社区按时办结率").rows[0][1] == 100
        assert ask("每天的投诉量").rows[0] == ("2026-03-03", 1)

    def test_reads_hours_of_the_day_and_days_of_the_week_by_local_time(self):
        every = ask("投诉").total
        parts = [ask(f"{part}的投诉").total for part in ("上午", "下午", "晚上", "凌晨")]
        assert sum(parts) == every > 0
        assert ask("周末的投诉").total + ask("除周末外的投诉").total == every
        assert ask("夜间的投诉").cql2 == ""

    def test_compares_with_the_period_before(self):
        assert ask("上周投诉环比").rows == ((4, 0, ""),)
        answer = ask("本周各社区投诉数量环比")
        assert [(row[0][-4:], *row[1:]) for row in answer.rows] == [("东桥社区", 1, 2, -50), ("西岭社区", 0, 2, -100)]
        assert ask_city("投诉同比", actor=LEADER, now=NOW).refusal.code == "unusable"

    def test_measures_distances(self):
        assert ask("学校周边150米内的楼").keys == ("B00", "B01", "B02")
        assert ask("离东桥头最近的2栋楼").keys == ("B08", "B09")
        assert ask("200米内没有学校的办公楼").keys == ("B05", "B07", "B09")
        assert ask("学校500米内的投诉").total == 5

    def test_looks_inside_what_is_drawn(self):
        scene = Scene(drawn="POLYGON((110.03 25.04,110.0318 25.04,110.0318 25.06,110.03 25.06,110.03 25.04))")
        assert ask("框选范围内的楼", scene=scene).keys == ("B00", "B01")

    def test_takes_several_shapes_as_one_also_where_they_overlap(self):
        west = "((110.03 25.04,110.0318 25.04,110.0318 25.06,110.03 25.06,110.03 25.04))"
        wider = "((110.031 25.04,110.0328 25.04,110.0328 25.06,110.031 25.06,110.031 25.04))"
        assert ask("这里面的楼", scene=Scene(drawn=f"MULTIPOLYGON({west},{wider})")).keys == ("B00", "B01", "B02")
        crossed = "POLYGON((110.03 25.04,110.0318 25.06,110.0318 25.04,110.03 25.06,110.03 25.04))"
        answer = ask_city("这里面的楼", actor=LEADER, now=NOW, scene=Scene(drawn=crossed))
        assert "自己和自己相交" in answer.refusal.message

    def test_says_why_it_cannot_run(self):
        assert ask_city("框选范围内的楼", actor=LEADER, now=NOW).refusal.code == "unusable"
        answer = ask_city("星河大厦附近的楼", actor=LEADER, now=NOW)
        assert "星河大厦" in answer.refusal.message

    def test_finds_what_lies_on_a_road_by_its_name(self):
        road = [{"kind": "road", "name": "溪畔路"}]
        found = {
            part: run_understood(understand_plain("", {"table": "building", part: road}), actor=LEADER, now=NOW)
            for part in ("places", "outside")
        }
        assert found["places"].keys == ("B02",)
        assert (found["outside"].total, "B02" in found["outside"].keys) == (9, False)

    @pytest.mark.parametrize(
        "edited",
        [
            {"by": ["secret"]},
            {"near": [{"metres": 100, "table": "facility", "where": ["secret = 1"]}]},
            {"by": ["use"], "having": "in [1, 2]"},
            {"by": ["use"], "having": "> many"},
            {"outside": [{"kind": "view", "name": "当前视野"}]},
        ],
    )
    def test_refuses_an_edited_command_that_names_what_is_not_shown(self, edited):
        understood = understand_plain("", {"table": "building", **edited})
        answer = run_understood(understood, actor=LEADER, now=NOW)
        assert answer.refusal.code == "unusable"
        assert "Error" not in answer.refusal.message

    def test_stops_what_takes_too_long_in_the_lake_and_in_layers(self, monkeypatch):
        for module in (commands_tables, commands_duck):
            monkeypatch.setattr(module, "LIMIT_S", 0.2)
        endless = Statement("SELECT count(*) FROM range(1000000000000) a WHERE a.range % 7 = 9", {})
        with connect(["case"]) as lake, pytest.raises(QueryTooSlow, match="已经停止"):
            Session(None, lake).fetch(endless)
        tables = ArrowTables("building", pa.table({"row": [1]}), None)
        with pytest.raises(QueryTooSlow):
            tables.fetch(endless)
        tables.close()

    def test_keeps_cases_from_who_may_not_see_them(self):
        with pytest.raises(CommandRefused):
            ask("上周的投诉", ANONYMOUS)
        assert ask("上周的投诉", system_actor("worker")).total == 4

    def test_says_the_query_back(self):
        understood = understand("东桥社区40米以上的办公楼", now=NOW)
        assert understood.sentence == "东桥社区、高度不低于40米、用途为办公的建筑物"
        assert [chip.text for chip in understood.chips] == ["建筑物", "东桥社区", "高度不低于40米", "用途为办公"]
