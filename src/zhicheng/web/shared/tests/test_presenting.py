"""Words for clocks, due times and states: pure, but for the town's calendar and units."""

from dataclasses import replace
from datetime import timedelta

import pytest

from zhicheng.apps.appeals.tests.town import NOW, do, later, person, replied, resident, sent
from zhicheng.core.cases.public import get_case
from zhicheng.engines.statetable.clocks import Clock
from zhicheng.web.shared.presenting import (
    clock_reasons,
    clock_view,
    due_view,
    open_clocks,
    place_line,
    place_words,
    requester_word,
    tag_view,
    timeline,
    unit_name,
)

pytestmark = pytest.mark.usefixtures("monday")
LIMIT = {"minutes": 10, "calendar": "always", "source": "服务承诺"}
TEN = Clock("response", 1, "always", LIMIT, "running", NOW, NOW, 600.0, 600.0, later(minutes=10))


def seen(clock: Clock, **span: float) -> tuple[str, str, int]:
    view = clock_view(clock, "响应", later(**span))
    return view["state"], view["words"], view["percent"]


class TestPlaceLine:
    def test_repeats_no_division_that_somebody_wrote(self):
        where = get_case(person("zhao.lei"), sent().number).row.division
        known = place_words(where)
        assert place_line(where, known.replace("·", "")) == known
        assert place_line(where, "桥头第三盏灯") == f"{known} 桥头第三盏灯"
        assert place_line("", " 桥头 ") == "桥头"


class TestClockView:
    def test_tells_a_running_clock_in_words_and_share(self):
        assert seen(TEN, minutes=2) == ("running", "还剩 8 分钟", 20)
        assert seen(TEN, minutes=7) == ("warning", "还剩 3 分钟", 70)
        assert seen(TEN, minutes=25) == ("late", "已超 15 分钟", 100)

    def test_tells_an_ended_clock_by_its_own_end(self):
        met = replace(TEN, state="met", ended_at=later(minutes=4))
        missed = replace(TEN, state="met", ended_at=later(minutes=70))
        assert seen(met, days=9)[:2] == ("met", "按时完成，用时 4 分钟")
        assert seen(missed, days=9)[:2] == ("missed", "超时 1 小时完成")

    def test_tells_a_paused_clock_without_a_time(self):
        paused = replace(TEN, state="paused", remaining_s=300.0, pause_reason="等待鉴定")
        view = clock_view(paused, "办理", later(days=3))
        assert (view["state"], view["words"], view["due_words"]) == ("paused", "暂停计时", "")
        assert view["why"][-1] == "暂停原因：等待鉴定。"

    def test_waits_calmly_for_the_day_until_which_a_case_stands_still(self):
        until = replace(TEN, limit={"until": "2026-03-03", "source": "申请"}, due_at=later(hours=14))
        view = clock_view(until, "暂停期", later(hours=13))
        assert (view["state"], view["due_words"]) == ("running", "明天 00:00 前")
        assert view["why"] == ["3月3日零点到期。", "依据：申请。"]

    def test_says_when_in_the_words_of_the_day(self):
        view = clock_view(TEN, "响应", NOW)
        assert view["due_words"] == "今天 10:10 前"
        assert clock_view(TEN, "响应", later(hours=-11))["due_words"] == "明天 10:10 前"
        assert clock_view(TEN, "响应", later(days=1))["due_words"] == "应在昨天 10:10 前"
        assert clock_view(TEN, "响应", later(days=9))["due_words"] == "应在3月2日 10:10 前"


class TestClockReasons:
    def test_say_limit_calendar_start_and_source(self):
        assert clock_reasons(TEN) == ["时限 10 分钟，昼夜连续计时，03月02日 10:00 开始。", "依据：服务承诺。"]

    def test_say_how_working_days_are_counted_and_extended(self):
        clock = replace(TEN, calendar="working", limit={"working_days": 5, "extended": 3})
        assert "按工作时间计时" in clock_reasons(clock)[0]
        assert clock_reasons(clock)[-1] == "已批准延长 3 个工作日。"


class TestDueView:
    def row(self, **changed):
        return replace(get_case(person("chen.wei"), sent().number).row, **changed)

    def test_tells_what_is_left(self):
        assert due_view(self.row(due_at=later(hours=5)), NOW)["words"] == "还剩 5 小时"
        assert due_view(self.row(due_at=later(hours=3)), NOW)["state"] == "warning"
        assert due_view(self.row(due_at=later(hours=3), urgent=True), NOW)["state"] == "running"
        assert due_view(self.row(due_at=later(hours=-3)), NOW) == {
            "state": "late",
            "words": "已超 3 小时",
            "left_s": -10800,
            "ticking": False,
        }

    def test_tells_what_has_no_due_time(self):
        assert due_view(self.row(due_at=None), NOW) is None
        assert due_view(self.row(due_at=None, final=True), NOW)["words"] == "已结束"
        assert due_view(self.row(due_at=None, facts={"paused": True}), NOW)["words"] == "暂停计时"


class TestTagView:
    def test_is_red_for_officials_when_late_and_calm_for_residents(self):
        details = get_case(person("chen.wei"), sent().number)
        late = later(hours=1)
        assert tag_view(details.row, details.process, late)["label"] == "待签收·超时"
        assert tag_view(details.row, details.process, late, public=True)["label"] == "待签收"

    def test_is_green_for_a_good_end_only(self):
        details = get_case(person("chen.wei"), sent().number)
        tones = {
            state: tag_view(replace(details.row, state=state, final=True), details.process, NOW)["tone"]
            for state in ("closed", "withdrawn")
        }
        assert tones == {"closed": "success", "withdrawn": ""}


class TestRequesterWord:
    def test_calls_people_what_they_are(self):
        process = get_case(person("chen.wei"), sent().number).process
        words = [requester_word(replace(process, code=code)) for code in ("appeal", "application", "consultation")]
        assert words == ["诉求人", "申请人", "来电人"]


class TestTimeline:
    def test_is_newest_first_with_names_for_officials_only(self):
        wang = resident()
        done = replied(actor=wang)
        details = get_case(person("chen.wei"), done.number)
        assert [event["title"] for event in timeline(details, names=True)] == ["办结答复", "签收", "提交"]
        assert timeline(details, names=True)[0]["actor"] == "云溪镇城镇管理服务中心 · 陈伟"
        assert timeline(details, names=False)[0]["actor"] == "云溪镇城镇管理服务中心"
        assert timeline(details, names=True)[-1]["actor"] == "诉求人"

    def test_says_where_a_case_went(self):
        done = sent()
        do(done.case_id, "refuse", "chen.wei", reason="不属于本单位职责，请供水站办理")
        event = timeline(get_case(person("wu.min"), done.number), names=True)[0]
        assert event["title"] == "退回 → 云溪镇人民政府"
        assert event["text"] == "不属于本单位职责，请供水站办理"

    def test_says_until_when_something_was_asked(self):
        done = sent()
        do(done.case_id, "accept", "chen.wei")
        do(done.case_id, "request_pause", "chen.wei", until="2026-03-12", reason="等待第三方检测报告出具")
        event = timeline(get_case(person("zhao.lei"), done.number), names=True)[0]
        assert event["text"] == "等待第三方检测报告出具（到 3月12日）"


class TestOpenClocks:
    def test_shows_the_latest_round_of_each(self):
        done = sent()
        labels = [view["label"] for view in open_clocks(get_case(person("chen.wei"), done.number), NOW)]
        assert labels == ["10 分钟响应", "30 分钟反馈", "办理时限"]


class TestNames:
    def test_fall_back_to_codes(self):
        assert unit_name("YX-WATER") == "云溪镇供水站"
        assert unit_name("GONE") == "GONE"
        assert place_words("") == ""
        assert place_words("990101001001").endswith("东桥社区")

    def test_do_not_depend_on_the_hour(self):
        assert clock_view(TEN, "响应", NOW + timedelta(seconds=1))["label"] == "响应"
