"""From confirmation to answer: supplementing once, extending once, consulting with the clock stopped, deciding."""

import pytest

from zhicheng.apps.appeals.tests.town import NOW, TOWN, WATER, WORKS, Case, Party, do, do_own, later, person, promote
from zhicheng.apps.disclosure.errors import ConsultationRefused
from zhicheng.apps.disclosure.operations.consulting import end_if_answered, recall_all
from zhicheng.apps.disclosure.operations.settling import settle
from zhicheng.apps.disclosure.public import answer_of, consult, get_request, get_terms
from zhicheng.apps.disclosure.tests.requests import REPLY, asked, clock, in_hand, state, working_days
from zhicheng.apps.disclosure.values import Consultation
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import act, act_by_system, calendars, fire_due_clocks, get_case_as_requester
from zhicheng.core.cases.values import ActCommand
from zhicheng.core.parties.values import ANONYMOUS
from zhicheng.engines.statetable.transition import ActionForbidden, ActionRefused
from zhicheng.kit.errors import FieldErrors

pytestmark = pytest.mark.django_db
UNCLEAR = {"text": "请写明是哪一段路、哪一年的工程，以便查找。", "days": "15"}
MORE = {"text": "是 2025 年东桥至西岭段的翻修工程"}
THIRD = {"subject": "东桥路面翻修工程施工合同的单价部分", "name": "赵强", "phone": "13900139001"}


def _consult(case, login="chen.wei", *, now=NOW, **fields):
    return consult(Consultation(case, **{**THIRD, **fields}), actor=person(login, now), now=now)


def _opinion(case, *, now=NOW, **given):
    """What the third party says, proven by number and code."""
    return act(ActCommand(case, "answer", given, proofs=frozenset({"requester"})), ANONYMOUS, now)


@pytest.mark.usefixtures("town")
class TestSupplementing:
    def test_is_asked_with_a_reasonable_time_and_stops_the_answer(self):
        done = in_hand()
        do(done.case_id, "ask_supplement", "chen.wei", now=later(days=1), **UNCLEAR)
        assert clock(done.case_id, "supplement").due_at == working_days(later(days=1), 15)
        assert clock(done.case_id, "answer").state == "cancelled"

    def test_starts_the_twenty_days_anew(self):
        done = in_hand()
        do(done.case_id, "ask_supplement", "chen.wei", now=later(days=1), **UNCLEAR)
        do_own(done.case_id, "supplement", now=later(days=4), **MORE)
        answer = clock(done.case_id, "answer")
        assert (answer.round, answer.due_at) == (2, working_days(later(days=4), 20))

    def test_is_asked_once_only(self):
        done = in_hand()
        do(done.case_id, "ask_supplement", "chen.wei", **UNCLEAR)
        do_own(done.case_id, "supplement", now=later(hours=1), **MORE)
        with pytest.raises(ActionRefused, match="不能再次要求补正"):
            do(done.case_id, "ask_supplement", "chen.wei", now=later(hours=2), **UNCLEAR)

    def test_is_asked_within_seven_working_days(self):
        done = in_hand()
        after = working_days(NOW, 7)
        fire_due_clocks(after)
        with pytest.raises(ActionRefused, match="7 个工作日"):
            do(done.case_id, "ask_supplement", "chen.wei", now=after, **UNCLEAR)

    def test_not_done_in_time_is_giving_up(self):
        done = in_hand()
        do(done.case_id, "ask_supplement", "chen.wei", **UNCLEAR)
        late = working_days(NOW, 15)
        fire_due_clocks(late)
        settle(done.case_id, late)
        assert state(done.case_id) == "abandoned"
        assert get_request(done.case_id).decision == "not_supplemented"

    @pytest.mark.parametrize("days", ["", "4", "31", "多几天", "-5", "9999"])
    def test_takes_no_unreasonable_time(self, days):
        done = in_hand()
        with pytest.raises(FieldErrors) as refused:
            do(done.case_id, "ask_supplement", "chen.wei", **{**UNCLEAR, "days": days})
        assert list(refused.value.fields) == ["days"]


@pytest.mark.usefixtures("town")
class TestExtending:
    def test_adds_at_most_twenty_working_days_after_approval(self):
        done = in_hand()
        do(done.case_id, "request_extension", "chen.wei", days="20", reason="需要向档案馆调取合同原件核对")
        assert clock(done.case_id, "answer").due_at == working_days(NOW, 20)
        do(done.case_id, "approve_extension", "zhao.lei", now=later(days=2))
        assert clock(done.case_id, "answer").due_at == working_days(NOW, 40)

    def test_of_more_than_twenty_is_refused(self):
        done = in_hand()
        with pytest.raises(FieldErrors):
            do(done.case_id, "request_extension", "chen.wei", days="21", reason="需要向档案馆调取合同原件核对")

    def test_is_given_once(self):
        done = in_hand()
        do(done.case_id, "request_extension", "chen.wei", days="5", reason="需要向档案馆调取合同原件核对")
        do(done.case_id, "approve_extension", "zhao.lei")
        with pytest.raises(ActionRefused, match="不能再延长"):
            do(done.case_id, "request_extension", "chen.wei", days="5", reason="需要向档案馆调取合同原件核对")

    def test_is_not_approved_by_who_asked_nor_by_a_handler(self):
        done = in_hand()
        promote("zhao.lei", "handler", WORKS)
        do(done.case_id, "request_extension", "zhao.lei", days="5", reason="需要向档案馆调取合同原件核对")
        with pytest.raises(ActionRefused, match="自己提出"):
            do(done.case_id, "approve_extension", "zhao.lei")
        with pytest.raises(ActionForbidden):
            do(done.case_id, "approve_extension", "he.jing")

    def test_refused_leaves_the_limit(self):
        done = in_hand()
        do(done.case_id, "request_extension", "chen.wei", days="5", reason="需要向档案馆调取合同原件核对")
        do(done.case_id, "reject_extension", "zhao.lei", reason="情况并不复杂")
        assert clock(done.case_id, "answer").due_at == working_days(NOW, 20)


@pytest.mark.usefixtures("town")
class TestConsulting:
    def test_stops_the_clock_and_gives_fifteen_working_days(self):
        done = in_hand()
        child = _consult(done.case_id, now=later(days=2))
        assert clock(done.case_id, "answer").state == "paused"
        assert clock(child.id, "opinion").due_at == working_days(later(days=2), 15)

    def test_gives_back_exactly_the_time_it_took(self):
        done = in_hand()
        child = _consult(done.case_id, now=later(days=1))
        _opinion(child.id, now=later(days=8), opinion="disagree", text="单价是我们的商业秘密")
        assert end_if_answered(done.case_id, later(days=8))
        assert clock(done.case_id, "answer").due_at == working_days(later(days=7), 20)

    def test_goes_on_when_the_time_is_over(self):
        done = in_hand()
        child = _consult(done.case_id)
        late = working_days(NOW, 15)
        fire_due_clocks(late)
        assert state(child.id) == "lapsed"
        assert end_if_answered(done.case_id, late)
        count = calendars()["working"].seconds_between
        answer = clock(done.case_id, "answer")
        assert count(late, answer.due_at) == count(NOW, working_days(NOW, 20))

    def test_waits_for_the_last_of_several(self):
        done = in_hand()
        first, second = _consult(done.case_id), _consult(done.case_id, name="孙丽", phone="13900139002")
        _opinion(first.id, opinion="agree")
        assert not end_if_answered(done.case_id, NOW)
        do(second.id, "record_answer", "chen.wei", opinion="agree", text="来信表示同意公开")
        assert end_if_answered(done.case_id, NOW)
        assert not end_if_answered(done.case_id, NOW)

    def test_forbids_answering_meanwhile(self):
        done = in_hand()
        _consult(done.case_id)
        with pytest.raises(ActionRefused):
            do(done.case_id, "decide", "chen.wei", decision="full", text=REPLY)

    def test_shows_neither_side_the_other(self):
        done = in_hand()
        child = _consult(done.case_id)
        third, own = get_case_as_requester(child.id), get_case_as_requester(done.case_id)
        assert (third.parent, list(own.children)) == (None, [])
        assert all("赵强" not in str(item.input) for item in own.history)
        assert third.row.requester != own.row.requester
        assert Party.objects.get(pk=third.row.requester).name_sealed is not None

    @pytest.mark.parametrize("objection", ["disagree", "partly"])
    def test_takes_no_objection_without_its_reason_by_whatever_way_it_comes(self, objection):
        child = _consult(in_hand().case_id)
        with pytest.raises(FieldErrors) as refused:
            _opinion(child.id, opinion=objection, text=" 不行 ")
        assert list(refused.value.fields) == ["text"]
        assert state(child.id) == "asked"

    def test_asks_another_agency_as_well(self):
        done = in_hand()
        child = _consult(done.case_id, unit=TOWN, name="", phone="")
        assert (Case.objects.get(pk=child.id).unit_id, Case.objects.get(pk=child.id).requester_id) == (TOWN, None)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"subject": "合同"}, "subject"),
            ({"name": " "}, "name"),
            ({"phone": ""}, "phone"),
            ({"phone": "12"}, "phone"),
            ({"unit": WORKS}, "unit"),
            ({"unit": WATER}, "unit"),
        ],
    )
    def test_needs_somebody_and_something_to_ask(self, wrong, field):
        done = in_hand()
        with pytest.raises(FieldErrors) as refused:
            _consult(done.case_id, **wrong)
        assert list(refused.value.fields) == [field]
        assert Case.objects.filter(parent_id=done.case_id).count() == 0

    def test_is_for_whoever_handles_the_request(self):
        done = in_hand()
        with pytest.raises(CaseNotFound):
            _consult(done.case_id, "li.na")
        with pytest.raises(ActionForbidden):
            _consult(done.case_id, "sun.jie")
        assert Case.objects.filter(parent_id=done.case_id).count() == 0

    def test_comes_after_confirming(self):
        done = asked()
        with pytest.raises(ConsultationRefused):
            _consult(done.case_id)

    def test_is_not_begun_without_anybody_to_ask(self):
        done = in_hand()
        with pytest.raises(ActionRefused, match="先在“公开申请”页面登记"):
            do(done.case_id, "consult", "chen.wei")

    def test_ends_when_the_applicant_withdraws(self):
        done = in_hand()
        child = _consult(done.case_id)
        do_own(done.case_id, "withdraw")
        recall_all(done.case_id, NOW)
        assert (state(done.case_id), state(child.id)) == ("withdrawn", "recalled")

    def test_takes_no_answer_from_the_applicant(self):
        done = in_hand()
        child = _consult(done.case_id)
        applicant = get_case_as_requester(done.case_id)
        assert applicant.row.id != child.id
        with pytest.raises(ActionForbidden):
            do(child.id, "answer", "chen.wei", opinion="agree")


@pytest.mark.usefixtures("town")
class TestDeciding:
    def test_ends_the_request_in_time(self):
        done = in_hand()
        do(done.case_id, "decide", "chen.wei", now=later(days=3), decision="full", text=REPLY)
        settle(done.case_id, later(days=3))
        info = get_request(done.case_id)
        assert (state(done.case_id), info.decision, info.late) == ("closed", "full", False)

    def test_after_twenty_working_days_is_late(self):
        done = in_hand()
        after = later(days=45)
        do(done.case_id, "decide", "chen.wei", now=after, decision="full", text=REPLY)
        settle(done.case_id, after)
        assert get_request(done.case_id).late is True

    @pytest.mark.parametrize("decision", ["refuse", "partial"])
    def test_not_to_disclose_needs_its_ground(self, decision):
        done = in_hand()
        with pytest.raises(FieldErrors) as refused:
            do(done.case_id, "decide", "chen.wei", decision=decision, text=REPLY)
        assert list(refused.value.fields) == ["ground"]

    def test_to_disclose_takes_no_ground(self):
        done = in_hand()
        with pytest.raises(FieldErrors):
            do(done.case_id, "decide", "chen.wei", decision="full", ground="internal", text=REPLY)

    def test_may_not_call_unclear_what_nobody_asked_to_supplement(self):
        done = in_hand()
        with pytest.raises(FieldErrors) as refused:
            do(done.case_id, "decide", "chen.wei", decision="still_unclear", text=REPLY)
        assert list(refused.value.fields) == ["decision"]

    def test_is_for_handlers_alone(self):
        done = in_hand()
        with pytest.raises(ActionForbidden):
            do(done.case_id, "decide", "sun.jie", decision="full", text=REPLY)
        with pytest.raises(CaseNotFound):
            do(done.case_id, "decide", "li.na", decision="full", text=REPLY)
        with pytest.raises(ActionForbidden):
            do_own(done.case_id, "decide", decision="full", text=REPLY)
        with pytest.raises(ActionForbidden):
            act_by_system(done.case_id, "decide", NOW, name="test")

    def test_can_be_withdrawn_before_but_not_after(self):
        done = in_hand()
        do(done.case_id, "decide", "chen.wei", decision="not_exist", text=REPLY)
        with pytest.raises(ActionRefused):
            do_own(done.case_id, "withdraw")


@pytest.mark.usefixtures("town")
class TestAnswerOf:
    def test_names_the_articles_of_every_decision_and_how_to_contest_it(self):
        terms = get_terms()
        for code, decision in terms.decisions.items():
            for ground in terms.grounds if decision.ground else ("",):
                answer = answer_of(terms, code, ground)
                assert answer is not None
                assert all("条例》第" in article for article in answer.articles)
                assert "行政复议" in answer.remedy.text
                assert "60日" in answer.remedy.text

    def test_sends_refusals_to_review_first(self):
        refused, given = (answer_of(get_terms(), code, "internal") for code in ("refuse", "full"))
        assert refused is not None
        assert given is not None
        assert "先申请行政复议" in refused.remedy.text
        assert "6个月" in given.remedy.text

    def test_knows_nothing_of_other_words(self):
        assert answer_of(get_terms(), "withdrawn", "") is None
