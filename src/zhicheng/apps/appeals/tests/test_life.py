"""The life of an appeal on 云溪镇's own process, act by act."""

from datetime import date, datetime, time, timedelta

import pytest
from django.apps import apps

from zhicheng.apps.appeals.models import Appeal
from zhicheng.apps.appeals.tests.town import (
    NOISE,
    NOW,
    OUTAGE,
    REPLY,
    TOWN,
    WATER,
    WORKS,
    Case,
    ClockRow,
    browser,
    do,
    do_own,
    later,
    person,
    promote,
    replied,
    resident,
    sent,
)
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import act, fire_due_clocks, get_case, get_case_by_secret
from zhicheng.core.cases.values import ActCommand
from zhicheng.core.ledger.public import relay_outbox
from zhicheng.core.notices.public import list_notices
from zhicheng.core.parties.values import ANONYMOUS
from zhicheng.engines.statetable.transition import ActionForbidden, ActionRefused
from zhicheng.kit.clock import CHINA
from zhicheng.kit.errors import FieldErrors

pytestmark = pytest.mark.usefixtures("town")
UNTIL = "2026-03-12"  # ten days from Monday the second
OUTBOX = apps.get_model("ledger", "OutboxRow")
WHY = "本单位不负责夜间工地的审批，应由供水站处理"


def case_of(done) -> Case:
    return Case.objects.get(pk=done.case_id)


def clock_of(done, code: str) -> ClockRow:
    return ClockRow.objects.filter(case_id=done.case_id, code=code).latest("round")


def told(*recipients: str) -> list[str]:
    """Templates of the messages that people would read, after every event was handed over."""
    while relay_outbox(now=later(days=40), limit=500):
        pass
    return [notice.title for notice in list_notices(*recipients, after=None, limit=100).notices]


def handled(**fields):
    done = sent(**fields)
    do(done.case_id, "accept", "chen.wei")
    return done


def paused(actor=ANONYMOUS):
    done = sent(actor)
    do(done.case_id, "accept", "chen.wei")
    do(done.case_id, "contact", "chen.wei", text="已联系您，正在安排检测。")
    do(done.case_id, "request_pause", "chen.wei", until=UNTIL, reason="需要等待第三方噪声检测报告")
    do(done.case_id, "approve_pause", "zhao.lei", now=later(hours=1))
    return done


def midnight(day):
    return datetime.combine(date.fromisoformat(day), time.min, CHINA)


class TestFromWordsToSolved:
    def test_goes_from_dispatch_to_a_good_rating(self):
        done = sent(text="我想反映一个问题，请来看看", confirmed_item="")
        do(done.case_id, "dispatch", "liu.yang", item=NOISE)
        assert (case_of(done).unit_id, case_of(done).category) == (WORKS, NOISE)
        do(done.case_id, "accept", "chen.wei", now=later(minutes=3))
        do(done.case_id, "contact", "chen.wei", now=later(minutes=20), text="今晚到现场查看")
        do(done.case_id, "reply", "chen.wei", now=later(hours=4), **REPLY)
        assert do_own(done.case_id, "rate", now=later(days=1), score="5", text="谢谢").state == "closed"
        case = case_of(done)
        assert (case.final, case.closed_at, case.due_at) == (True, later(days=1), None)
        assert case.facts["outcome"] == "solved"
        ended = {code: clock_of(done, code).ended_at for code in ("response", "feedback", "resolve", "rating")}
        assert ended == {
            "response": later(minutes=3),
            "feedback": later(minutes=20),
            "resolve": later(hours=4),
            "rating": later(days=1),
        }

    def test_tells_the_requester_and_the_unit_at_each_step(self):
        wang = resident()
        done = replied(actor=wang)
        mine = told(f"party:{wang.party_id}")
        assert mine.count("您的诉求已签收") == 1
        assert {"我们收到了您的诉求", "您的诉求有答复了"} <= set(mine)
        assert f"新工单 {done.number}" in told(f"unit:{WORKS}")

    def test_a_person_may_name_another_unit_when_dispatching(self):
        done = sent(text="我想反映一个问题，请来看看", confirmed_item="")
        do(done.case_id, "dispatch", "liu.yang", item=NOISE, unit=WATER)
        assert case_of(done).unit_id == WATER

    @pytest.mark.parametrize(
        ("given", "field"),
        [({}, "item"), ({"item": "no.such"}, "item"), ({"item": NOISE, "unit": "NOWHERE"}, "unit")],
    )
    def test_dispatching_names_what_does_not_exist(self, given, field):
        done = sent(text="我想反映一个问题，请来看看", confirmed_item="")
        with pytest.raises(FieldErrors) as caught:
            do(done.case_id, "dispatch", "liu.yang", **given)
        assert list(caught.value.fields) == [field]

    def test_danger_said_by_a_person_outlives_the_dispatch(self):
        text = "我想反映一个问题，请来看看"
        calm = sent(person("zhou.mei"), text=text, confirmed_item="")
        danger = sent(person("zhou.mei"), text=text, confirmed_item="", urgent=True)
        for done in (calm, danger):
            do(done.case_id, "dispatch", "liu.yang", item=NOISE)
        assert [case_of(done).urgent for done in (calm, danger)] == [False, True]
        assert clock_of(danger, "resolve").allowance["hours"] == 24

    def test_a_reply_says_enough(self):
        done = handled()
        with pytest.raises(FieldErrors) as caught:
            do(done.case_id, "reply", "chen.wei", text="办好了", outcome="magic")
        assert set(caught.value.fields) == {"text", "outcome"}


class TestContested:
    def test_is_settled_by_the_arbiter_and_cannot_be_refused_again(self):
        done = sent()
        do(done.case_id, "refuse", "chen.wei", reason=WHY, suggested=WATER)
        assert (case_of(done).state, case_of(done).unit_id) == ("arbitration", TOWN)
        do(done.case_id, "arbitrate", "wu.min", unit=WATER, reason="供水站负责这一段")
        assert (case_of(done).state, case_of(done).unit_id) == ("assigned", WATER)
        with pytest.raises(ActionRefused, match="已经退回过一次"):
            do(done.case_id, "refuse", "li.na", reason=WHY)

    def test_goes_to_the_fallback_unit_when_nobody_is_named(self):
        done = sent()
        do(done.case_id, "refuse", "chen.wei", reason=WHY)
        do(done.case_id, "arbitrate", "wu.min", reason="无人负责，兜底")
        assert case_of(done).unit_id == TOWN

    def test_needs_a_reason(self):
        with pytest.raises(FieldErrors) as caught:
            do(sent().case_id, "refuse", "chen.wei", reason="不归我管")
        assert "reason" in caught.value.fields


class TestAssist:
    def invited(self):
        done = handled()
        do(done.case_id, "invite", "chen.wei", unit=WATER, reason="请协助关闭水阀")
        return done, Case.objects.get(parent_id=done.case_id)

    def test_opens_a_case_of_its_own_that_the_reply_waits_for(self):
        done, child = self.invited()
        assert (child.process, child.unit_id, child.facts["task"]) == ("assist", WATER, "请协助关闭水阀")
        with pytest.raises(ActionRefused, match="协办单位没有办完"):
            do(done.case_id, "reply", "chen.wei", **REPLY)
        do(child.id, "complete", "li.na", text="水阀已经关闭，现场安全。")
        assert do(done.case_id, "reply", "chen.wei", **REPLY).state == "replied"

    def test_may_be_taken_back_by_the_unit_that_asked(self):
        done, child = self.invited()
        with pytest.raises(ActionForbidden):
            do(child.id, "recall", "li.na", reason="不想办了，收回")
        do(child.id, "recall", "chen.wei", reason="已经自行处理")
        assert do(done.case_id, "reply", "chen.wei", **REPLY).state == "replied"

    def test_is_not_asked_of_oneself(self):
        with pytest.raises(FieldErrors, match="1 处"):
            do(handled().case_id, "invite", "chen.wei", unit=WORKS, reason="请自己协办一下")

    def test_holds_withdrawing_and_merging_back(self):
        done, _ = self.invited()
        with pytest.raises(ActionRefused, match="暂时不能撤回"):
            do_own(done.case_id, "withdraw")

    def test_tells_both_units(self):
        done, child = self.invited()
        do(child.id, "decline", "li.na", reason="水阀属于物业，不归供水站管理")
        assert f"协办工单 {done.number}" in told(f"unit:{WATER}")
        assert f"工单 {child.number} 协办被退回" in told(f"unit:{WORKS}")


class TestApproval:
    why = "需要等待第三方噪声检测报告"

    def test_extends_when_somebody_else_agrees(self):
        done = handled()
        before = clock_of(done, "resolve").due_at
        do(done.case_id, "request_extension", "chen.wei", days="3", reason=self.why)
        do(done.case_id, "approve_extension", "zhao.lei")
        assert clock_of(done, "resolve").due_at - before == timedelta(days=3)  # Monday to Thursday
        with pytest.raises(ActionRefused, match="已经延期一次"):
            do(done.case_id, "request_extension", "chen.wei", days="3", reason=self.why)

    def test_is_not_given_to_oneself(self):
        done = handled()
        do(done.case_id, "request_extension", "zhao.lei", days="3", reason=self.why)
        with pytest.raises(ActionRefused, match="自己提出"):
            do(done.case_id, "approve_extension", "zhao.lei")
        assert do(done.case_id, "approve_extension", "ma.lin").state == "handling"

    def test_stops_and_goes_on_with_the_clock(self):
        done = handled()
        do(done.case_id, "request_pause", "chen.wei", until=UNTIL, reason=self.why)
        do(done.case_id, "approve_pause", "zhao.lei", now=later(hours=1))
        assert (clock_of(done, "resolve").state, case_of(done).facts["pause_reason"]) == ("paused", self.why)
        do(done.case_id, "resume", "chen.wei", now=later(days=7))
        clock = clock_of(done, "resolve")
        assert clock.state == "running"
        assert clock.due_at > later(days=12)

    def test_goes_on_by_itself_on_the_day_that_was_approved(self):
        done = paused()
        before = clock_of(done, "resolve")
        assert (clock_of(done, "pause").due_at, case_of(done).due_at) == (midnight(UNTIL), None)
        assert fire_due_clocks(midnight(UNTIL) - timedelta(minutes=1)) == 0
        fire_due_clocks(midnight(UNTIL))
        case, clock = case_of(done), clock_of(done, "resolve")
        assert (clock.state, clock.remaining_s, case.due_at) == ("running", before.remaining_s, clock.due_at)
        assert (case.facts["paused"], case.facts["pause_until"]) == (False, None)
        assert (clock_of(done, "pause").state, case.state) == ("cancelled", "handling")
        assert f"工单 {done.number} 暂停到期" in told(f"unit:{WORKS}")

    def test_does_not_go_on_twice_when_somebody_was_faster(self):
        done = paused()
        do(done.case_id, "resume", "chen.wei", now=later(days=2))
        due = clock_of(done, "resolve").due_at
        fire_due_clocks(midnight(UNTIL))
        assert (clock_of(done, "resolve").due_at, clock_of(done, "pause").state) == (due, "cancelled")
        assert not any("暂停到期" in title for title in told(f"unit:{WORKS}"))

    @pytest.mark.parametrize("until", ["", "2026-03-02", "2026-03-01", "2026-05-02", "下周"])
    def test_stops_for_sixty_days_at_most_and_not_in_the_past(self, until):
        done = handled()
        with pytest.raises(FieldErrors) as refused:
            do(done.case_id, "request_pause", "chen.wei", until=until, reason=self.why)
        assert list(refused.value.fields) == ["until"]

    def test_is_not_approved_when_its_day_has_come(self):
        done = handled()
        do(done.case_id, "request_pause", "chen.wei", until=UNTIL, reason=self.why)
        with pytest.raises(ActionRefused, match="截止日期"):
            do(done.case_id, "approve_pause", "zhao.lei", now=midnight(UNTIL))
        assert (clock_of(done, "resolve").state, case_of(done).facts["pending"]) == ("running", "pause")

    def test_tells_the_requester_until_when(self):
        wang = resident()
        paused(wang)
        told(f"party:{wang.party_id}")
        texts = [notice.text for notice in list_notices(f"party:{wang.party_id}", after=None, limit=9).notices]
        assert any("因故暂停计时，03月12日自动恢复" in text for text in texts)

    def test_may_be_denied_with_a_reason(self):
        done = handled()
        do(done.case_id, "request_pause", "chen.wei", until=UNTIL, reason=self.why)
        do(done.case_id, "reject_request", "zhao.lei", reason="请先到现场")
        assert clock_of(done, "resolve").state == "running"
        assert f"工单 {done.number} 的申请未获同意" in told(f"unit:{WORKS}")

    def test_waits_for_one_request_at_a_time_and_holds_the_reply(self):
        done = handled()
        do(done.case_id, "request_pause", "chen.wei", until=UNTIL, reason=self.why)
        for action, given in (("request_extension", {"days": "1", "reason": self.why}), ("reply", REPLY)):
            with pytest.raises(ActionRefused, match="等待审批"):
                do(done.case_id, action, "chen.wei", **given)

    def test_is_never_for_urgent_appeals(self):
        done = handled(urgent=True)
        with pytest.raises(ActionRefused, match="不能延期"):
            do(done.case_id, "request_extension", "chen.wei", days="1", reason=self.why)
        with pytest.raises(ActionRefused, match="不能暂停"):
            do(done.case_id, "request_pause", "chen.wei", until=UNTIL, reason=self.why)


class TestRating:
    def test_a_bad_one_goes_one_level_up_and_comes_back_to_be_done_again(self):
        done = replied()
        do_own(done.case_id, "rate", score="1", text="根本没有解决")
        assert (case_of(done).state, case_of(done).unit_id) == ("follow_up", TOWN)
        assert clock_of(done, "follow_up").due_at == later(hours=24)
        do(done.case_id, "rework", "zhao.lei", now=later(hours=2), reason="请到现场重新处理")
        case = case_of(done)
        assert (case.state, case.unit_id, case.facts["reworked"]) == ("handling", WORKS, True)
        assert clock_of(done, "resolve").round == 2
        do(done.case_id, "reply", "chen.wei", now=later(days=1), **REPLY)
        assert do_own(done.case_id, "rate", now=later(days=2), score="4").state == "closed"

    def test_a_bad_one_may_be_explained_and_closed(self):
        done = replied()
        do_own(done.case_id, "rate", score="2")
        do(done.case_id, "explain", "zhao.lei", text="已经当面向诉求人说明情况")
        assert (case_of(done).state, case_of(done).unit_id) == ("closed", WORKS)
        assert f"工单 {done.number} 评价不满意" in told(f"unit:{TOWN}")

    @pytest.mark.parametrize("score", ["", "0", "6", "good", "2.5"])
    def test_is_a_number_from_one_to_five(self, score):
        with pytest.raises(FieldErrors):
            do_own(replied().case_id, "rate", score=score)

    def test_is_the_requesters_alone(self):
        done = replied()
        with pytest.raises(ActionForbidden):
            do(done.case_id, "rate", "chen.wei", score="5")

    def test_closes_by_itself_after_seven_days(self):
        done = replied()
        fire_due_clocks(later(days=6, hours=23))
        assert case_of(done).state == "replied"
        fire_due_clocks(later(days=7))
        assert (case_of(done).state, case_of(done).facts["unrated"]) == ("closed", True)
        assert not any("超期" in title for title in told(f"unit:{WORKS}"))


class TestRequester:
    def test_adds_to_it_and_the_unit_is_told(self):
        done = handled()
        do_own(done.case_id, "supplement", text="今晚又在施工")
        assert f"工单 {done.number} 有补充" in told(f"unit:{WORKS}")

    def test_withdraws_it(self):
        done = sent()
        assert do_own(done.case_id, "withdraw", reason="已经安静了").state == "withdrawn"
        with pytest.raises(ActionRefused):
            do_own(done.case_id, "supplement", text="还有一点")

    def test_is_not_a_stranger(self):
        done = sent(resident())
        with pytest.raises(CaseNotFound):
            act(ActCommand(done.case_id, "withdraw"), resident("李强", "13900139000"), NOW)


class TestMerge:
    def test_joins_another_open_appeal(self):
        main, done = sent(), handled()
        do(done.case_id, "merge", "chen.wei", into=main.number.lower(), reason="同一个工地")
        assert (case_of(done).state, case_of(done).facts["merged_into"]) == ("merged", main.number)

    def test_does_not_join_itself_or_one_that_has_ended(self):
        done, ended = handled(), sent()
        do_own(ended.case_id, "withdraw")
        for number in (done.number, ended.number, "YX000000000000X", ""):
            with pytest.raises(FieldErrors) as caught:
                do(done.case_id, "merge", "chen.wei", into=number, reason="同一个工地")
            assert "into" in caught.value.fields


class TestClocks:
    def test_warn_twice_run_over_and_climb_the_tree(self):
        done = sent()
        for minutes in (7, 9):
            fire_due_clocks(later(minutes=minutes))
        assert told(f"unit:{WORKS}").count(f"临期提醒 {done.number}") == 2
        assert not any("超期" in title for title in told(f"unit:{TOWN}"))
        fire_due_clocks(later(minutes=10))
        assert f"超期提醒 {done.number}" in told(f"unit:{WORKS}")
        assert f"超期提醒 {done.number}" in told(f"unit:{TOWN}")

    def test_are_reported_upwards_while_nobody_moves(self):
        done = sent()
        for minutes in (10, 15, 20):
            fire_due_clocks(later(minutes=minutes))
        assert told(f"unit:{TOWN}").count(f"超期上报 {done.number}") == 2
        assert case_of(done).state == "assigned"

    def test_do_not_fire_twice(self):
        done = sent()
        fire_due_clocks(later(minutes=7))
        assert fire_due_clocks(later(minutes=7)) == 0
        assert told(f"unit:{WORKS}").count(f"临期提醒 {done.number}") == 1

    def test_that_fire_together_are_told_a_unit_once_the_worst_of_them(self):
        done = sent(urgent=True)
        assert fire_due_clocks(later(hours=2)) == 1  # response, feedback and being on the spot, all long over
        assert OUTBOX.objects.filter(data__kind="clock").count() == 3
        for unit in (WORKS, TOWN):
            assert [title for title in told(f"unit:{unit}") if "提醒" in title or "上报" in title] == [
                f"超期上报 {done.number}"
            ]

    def test_that_fire_together_are_told_once_though_the_event_comes_twice(self):
        done = sent(urgent=True)
        fire_due_clocks(later(hours=2))
        waiting = list(OUTBOX.objects.all())
        once = told(f"unit:{WORKS}")
        OUTBOX.objects.bulk_create(waiting)
        assert (told(f"unit:{WORKS}"), once.count(f"超期上报 {done.number}")) == (once, 1)

    def test_leave_a_case_that_was_answered_alone(self):
        done = replied()
        fire_due_clocks(later(days=1))
        assert not any("提醒" in title for title in told(f"unit:{WORKS}"))
        assert case_of(done).state == "replied"

    def test_of_urgent_appeals_run_round_the_clock(self):
        done = sent(urgent=True)
        assert clock_of(done, "dispatch").due_at == later(minutes=30)
        assert clock_of(done, "resolve").due_at == later(hours=24)


class TestVisibility:
    def test_a_promoted_neighbour_sees_what_the_works_see(self):
        done = sent()
        with pytest.raises(CaseNotFound):
            get_case(person("li.na"), done.number)
        promote("li.na", "handler", WORKS)
        assert get_case(person("li.na"), done.number).row.id == done.case_id

    def test_every_appeal_has_its_own_words_beside_its_case(self):
        sent(), sent(text="东桥的水压很小，请查一查", confirmed_item=OUTAGE)
        assert Appeal.objects.count() == Case.objects.filter(process="appeal").count() == 2

    def test_tells_nobody_of_a_case_that_does_not_concern_them(self):
        far = sent(text="西岭家里停水两天了，一点水都没有", confirmed_item=OUTAGE)
        done = handled()
        sentences = []
        for number in (far.number, "YX260302ABCDEFG"):
            with pytest.raises(FieldErrors) as caught:
                do(done.case_id, "merge", "chen.wei", into=number, reason="同一个工地")
            sentences.append(caught.value.fields)
        assert (case_of(far).unit_id, sentences[0]) == (WATER, sentences[1])
        assert case_of(done).state == "handling"


MAIN_REPLY = {
    "text": "王芳女士您好：工地夜间不再施工，您的电话13800138000已登记，安排人员每晚巡查。",
    "outcome": "solved",
}


class TestJoined:
    """陈红's appeal was merged into 李强's, and that one into 王芳's, which is handled."""

    def joined(self):
        wang, li, chen = sent(resident()), sent(resident("李强", "13900139000")), sent(resident("陈红", "13700137000"))
        for done, main in ((chen, li), (li, wang)):
            do(done.case_id, "merge", "chen.wei", into=main.number, reason="同一个工地")
        do(wang.case_id, "accept", "chen.wei")
        return wang, li, chen

    def recipient(self, done):
        return f"party:{case_of(done).requester_id}"

    def test_are_told_when_the_main_case_is_answered(self):
        wang, li, chen = self.joined()
        do(wang.case_id, "reply", "chen.wei", **MAIN_REPLY)
        for done in (li, chen):
            assert told(self.recipient(done)).count("合并办理的诉求有答复了") == 1
            notices = list_notices(self.recipient(done), after=None, limit=9).notices
            notice = next(found for found in notices if found.title == "合并办理的诉求有答复了")
            assert done.number in notice.text
            assert wang.number not in notice.text
        assert "合并办理的诉求有答复了" not in told(self.recipient(wang))

    def test_read_the_answer_and_nothing_of_the_other_person(self):
        wang, _, chen = self.joined()
        do(wang.case_id, "reply", "chen.wei", **MAIN_REPLY)
        do_own(wang.case_id, "rate", score="1", text="我家住东桥头 3 栋")
        do(wang.case_id, "explain", "zhao.lei", text="已电话回访，夜间确已停工，请继续监督。")
        history = get_case_by_secret(chen.number, chen.follow_code).history
        shown = [item for item in history if item.label.endswith("（合并办理）")]
        assert [item.action for item in shown] == ["reply", "explain"]
        assert shown[0].input["text"].startswith("诉求人您好：工地夜间不再施工，您的电话〔电话〕已登记")
        assert not any(word in str(history) for word in ("王芳", "13800138000", "东桥头 3 栋", wang.number))

    def test_see_the_answer_on_their_page(self):
        wang, _, chen = self.joined()
        do(wang.case_id, "reply", "chen.wei", **MAIN_REPLY)
        page = browser()
        page.post("/appeals/follow/", {"number": chen.number, "code": chen.follow_code})
        shown = page.get(f"/appeals/{chen.number}/").content.decode()
        assert "工地夜间不再施工" in shown
        assert "王芳" not in shown

    def test_are_told_when_the_main_case_is_withdrawn(self):
        wang, _, chen = self.joined()
        do_own(wang.case_id, "withdraw", reason="我已经搬到西岭去了")
        assert "合并办理的诉求已被撤回" in told(self.recipient(chen))
        assert "西岭" not in str(get_case_by_secret(chen.number, chen.follow_code).history)
