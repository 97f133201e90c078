import json

import pytest

from zhicheng.apps.twin.errors.commands import CommandRefused
from zhicheng.apps.twin.public import ask_city, understand
from zhicheng.apps.twin.tests.small_city import NOW
from zhicheng.apps.twin.values.commands import Answer, Scene
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

    def test_says_why_it_cannot_run(self):
        assert ask_city("框选范围内的楼", actor=LEADER, now=NOW).refusal.code == "unusable"
        answer = ask_city("星河大厦附近的楼", actor=LEADER, now=NOW)
        assert "星河大厦" in answer.refusal.message

    def test_keeps_cases_from_who_may_not_see_them(self):
        with pytest.raises(CommandRefused):
            ask("上周的投诉", ANONYMOUS)
        assert ask("上周的投诉", system_actor("worker")).total == 4

    def test_says_the_query_back(self):
        understood = understand("东桥社区40米以上的办公楼", now=NOW)
        assert understood.sentence == "东桥社区、高度不低于40米、用途为办公的建筑物"
        assert [chip.text for chip in understood.chips] == ["建筑物", "东桥社区", "高度不低于40米", "用途为办公"]
