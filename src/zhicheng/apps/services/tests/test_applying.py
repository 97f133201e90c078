"""From a filled-in form to a decision: one item, a theme, and everything that goes wrong on the way."""

from datetime import date, timedelta
from typing import Any

import pytest

from zhicheng.apps.licences.public import list_my_licences
from zhicheng.apps.services.errors import ServiceNotOnline, SignInFirst
from zhicheng.apps.services.models import Application, ToDecide
from zhicheng.apps.services.operations import deciding
from zhicheng.apps.services.public import (
    decide_application,
    decide_waiting,
    get_application,
    start_application,
    submit_application,
)
from zhicheng.apps.services.queries import facts
from zhicheng.apps.services.tests.town import CHILD, NOW, filled, official, register, resident, submitted
from zhicheng.apps.services.values import SubmitApplication
from zhicheng.core.cases.public import act, get_case, get_row, list_children
from zhicheng.core.cases.values import ActCommand
from zhicheng.core.forms.values import Contradiction, Owner
from zhicheng.core.ledger.public import list_entries, relay_outbox
from zhicheng.core.parties.values import Actor, ActorKind
from zhicheng.engines.statetable.transition import ActionForbidden
from zhicheng.kit.errors import FieldErrors

LONG_HERE = {"birth_date": date(1990, 3, 7), "resident_since_date": date(2020, 1, 1)}
JUST_HERE = {"birth_date": date(1990, 3, 7), "resident_since_date": date(2026, 2, 1)}


@pytest.fixture
def knows(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets the register say things."""

    def say(**facts: Any) -> None:
        monkeypatch.setattr(deciding, "register_facts", lambda _party: register(**facts))

    return say


@pytest.mark.django_db
class TestSubmitApplication:
    def test_stores_one_case_with_its_submission(self, town):
        fang = resident()
        applied = submitted(fang, filled(fang))
        row = get_row(applied.case_id)
        assert (row.process, row.state, row.unit, row.title) == ("application", "verifying", "YX-WORKS", "摊位经营许可")
        assert row.requester == fang.party_id
        assert row.due_at is not None
        assert ToDecide.objects.filter(pk=row.id).exists()

    def test_is_one_case_however_often_it_is_sent(self, town):
        fang = resident()
        draft = filled(fang)
        first, second = submitted(fang, draft), submitted(fang, draft)
        assert (second.number, second.replayed) == (first.number, True)
        assert Application.objects.count() == 1

    def test_needs_somebody_signed_in(self, town):
        fang = resident()
        draft = filled(fang)
        command = SubmitApplication(draft.id, draft.version, Owner(party=fang.party_id))
        with pytest.raises(SignInFirst):
            submit_application(command, actor=Actor(ActorKind.RESIDENT), now=NOW)

    def test_says_what_is_missing_and_keeps_the_draft(self, town):
        fang = resident()
        draft = filled(fang, goods="")
        with pytest.raises(FieldErrors) as refused:
            submitted(fang, draft)
        assert refused.value.fields == {"goods": ["请填写卖什么。"]}
        assert Application.objects.count() == 0
        assert filled(fang).values["stall"] == "甲 3 号"

    def test_asks_for_materials_that_the_item_needs(self, town):
        fang = resident()
        draft = filled(fang, code="stall.water")
        with pytest.raises(FieldErrors) as refused:
            submitted(fang, draft)
        assert list(refused.value.fields) == ["material.stall_licence"]

    def test_refuses_what_is_done_at_the_window(self, town):
        with pytest.raises(ServiceNotOnline):
            start_application("item", "residence_permit.renewal", owner=Owner(party=resident().party_id), now=NOW)


@pytest.mark.django_db
class TestDecideApplication:
    def test_approves_at_once_and_issues_the_licence(self, town, knows):
        knows(**LONG_HERE)
        fang = resident()
        applied = submitted(fang, filled(fang))
        assert decide_application(applied.case_id, NOW) == "yes"
        assert get_row(applied.case_id).state == "approved"
        licence = list_my_licences(fang, now=NOW).licences[0]
        assert {field.label: field.value for field in licence.fields} == {
            "经营者": "王小芳",
            "摊位": "甲 3 号",
            "经营品种": "豆花",
        }
        assert not ToDecide.objects.exists()

    def test_refuses_with_the_condition_and_the_fact(self, town, knows):
        knows(**JUST_HERE)
        fang = resident()
        applied = submitted(fang, filled(fang))
        assert decide_application(applied.case_id, NOW) == "no"
        decision = get_application(applied.case_id).decision
        assert decision is not None
        assert get_row(applied.case_id).state == "refused"
        verdict = decision.verdicts[0]
        assert (verdict.outcome, verdict.legal_source) == ("no", "《云溪镇摊位管理办法（虚构）》第五条")
        assert any("何时来镇居住" in fact.label or fact.code == "resident_since_date" for fact in decision.facts)
        assert list_my_licences(fang, now=NOW).licences == ()

    def test_sends_what_only_the_applicant_says_to_a_person(self, town, knows):
        knows(birth_date=date(1990, 3, 7))
        fang = resident()
        applied = submitted(fang, filled(fang, resident_since="2020-01-01"))
        assert decide_application(applied.case_id, NOW) == "review"
        decision = get_application(applied.case_id).decision
        assert decision is not None
        assert [(problem.kind, problem.label) for problem in decision.problems] == [("unverified", "何时来镇居住")]

    def test_never_decides_around_a_contradiction(self, town, knows):
        knows(**LONG_HERE)
        fang = resident()
        applied = submitted(fang, filled(fang, resident_since="2025-12-01"))
        assert decide_application(applied.case_id, NOW) == "review"
        decision = get_application(applied.case_id).decision
        assert decision is not None
        assert [problem.kind for problem in decision.problems] == ["contradiction"]

    def test_never_decides_on_a_paper_of_somebody_else(self, town, knows, monkeypatch):
        knows(**LONG_HERE)
        fang = resident()
        text = "材料《居民身份证》上的姓名是李慧，表单填的是王小芳。"
        found = Contradiction("name", "姓名", "id_card", "居民身份证", "王小芳", "李慧", grave=True, text=text)
        monkeypatch.setattr(facts, "find_contradictions", lambda _submission: [found])
        applied = submitted(fang, filled(fang))
        assert decide_application(applied.case_id, NOW) == "review"
        decision = get_application(applied.case_id).decision
        assert decision is not None
        assert [(problem.kind, problem.text) for problem in decision.problems] == [("contradiction", text)]
        assert list_my_licences(fang, now=NOW).licences == ()

    def test_says_no_to_a_child_whatever_else_is_unknown(self, town, knows):
        knows(birth_date=date(2015, 3, 7))
        child = resident("王小小", CHILD)
        applied = submitted(child, filled(child, name="王小小", id_number=CHILD))
        assert decide_application(applied.case_id, NOW) == "no"

    def test_is_done_once(self, town, knows):
        knows(**LONG_HERE)
        fang = resident()
        applied = submitted(fang, filled(fang))
        assert decide_application(applied.case_id, NOW) == "yes"
        assert decide_application(applied.case_id, NOW) == ""
        assert len(list_my_licences(fang, now=NOW).licences) == 1

    def test_is_made_up_for_by_the_worker(self, town, knows):
        knows(**LONG_HERE)
        fang = resident()
        applied = submitted(fang, filled(fang))
        assert decide_waiting(NOW) == 1
        assert get_row(applied.case_id).state == "approved"
        assert decide_waiting(NOW) == 0

    def test_leaves_its_rule_in_the_ledger_and_no_personal_data(self, town, knows):
        knows(**LONG_HERE)
        fang = resident()
        applied = submitted(fang, filled(fang))
        decide_application(applied.case_id, NOW)
        kept = [found.entry for found in list_entries(limit=50).entries]
        entries = [entry for entry in kept if str(applied.case_id) in entry.subject]
        assert {entry.action for entry in entries} >= {"cases.application.open", "cases.application.approve_by_rule"}
        assert "王小芳" not in str(entries)


@pytest.mark.django_db
class TestPeople:
    def test_review_approve_and_correct(self, town, knows):
        knows()
        fang, chen = resident(), official("YX-WORKS", "cases.handle")
        applied = submitted(fang, filled(fang))
        decide_application(applied.case_id, NOW)
        ask = {"reason": "请补充在本镇居住满 6 个月的证明"}
        act(ActCommand(applied.case_id, "request_correction", ask), chen, NOW)
        act(ActCommand(applied.case_id, "correct", {"text": "已补充租房合同"}), fang, NOW)
        assert decide_waiting(NOW) == 1
        act(ActCommand(applied.case_id, "approve", {"text": "符合条件"}), chen, NOW)
        assert get_row(applied.case_id).state == "approved"
        assert len(list_my_licences(fang, now=NOW).licences) == 1

    def test_a_refusal_can_be_looked_at_by_a_person_once(self, town, knows):
        knows(**JUST_HERE)
        fang = resident()
        applied = submitted(fang, filled(fang))
        decide_application(applied.case_id, NOW)
        act(ActCommand(applied.case_id, "request_review", {"reason": "我 2020 年就住在这里"}), fang, NOW)
        assert get_row(applied.case_id).state == "review"

    def test_another_unit_is_asked_and_not_ones_own(self, town, knows):
        knows()
        fang, chen = resident(), official("YX-WORKS", "cases.handle")
        applied = submitted(fang, filled(fang))
        decide_application(applied.case_id, NOW)
        why = {"reason": "请核对摊位旁边的水管"}
        with pytest.raises(FieldErrors) as refused:
            act(ActCommand(applied.case_id, "invite", {"unit": "YX-WORKS", **why}), chen, NOW)
        assert refused.value.fields == {"unit": ["会审单位不能是办理这件申请的单位自己，请选择别的单位"]}
        assert list_children(applied.case_id) == []
        act(ActCommand(applied.case_id, "invite", {"unit": "YX-WATER", **why}), chen, NOW)
        assert [child.unit for child in list_children(applied.case_id)] == ["YX-WATER"]

    def test_nobody_else_decides(self, town, knows):
        knows()
        fang = resident()
        applied = submitted(fang, filled(fang))
        decide_application(applied.case_id, NOW)
        with pytest.raises(ActionForbidden):
            act(ActCommand(applied.case_id, "approve", {}), fang, NOW)


@pytest.mark.django_db
class TestTheme:
    def test_runs_its_items_in_order_and_ends_when_all_have(self, town, knows):
        knows(**LONG_HERE)
        fang, lin = resident(), official("YX-WATER", "cases.handle")
        draft = filled(fang, kind="theme", code="stall")
        applied = submitted(fang, draft, "stall.licence", "stall.water", "stall.signboard")
        children = {str(child.facts["item"]): child for child in list_children(applied.case_id)}
        assert {item: child.state for item, child in children.items()} == {
            "stall.licence": "verifying",
            "stall.water": "waiting",
            "stall.signboard": "waiting",
        }
        decide_application(children["stall.licence"].id, NOW)
        while decide_waiting(NOW):
            pass
        assert get_row(children["stall.signboard"].id).state == "approved"
        water = get_row(children["stall.water"].id)
        assert (water.state, water.unit) == ("review", "YX-WATER")
        act(ActCommand(water.id, "approve", {"line_use": "经营", "line_fitted": "2026-03-01"}), lin, NOW)
        relay_outbox(now=NOW)
        assert get_row(applied.case_id).state == "done"

    def test_does_not_start_what_waited_for_a_refused_item(self, town, knows):
        knows(**JUST_HERE)
        fang = resident()
        applied = submitted(fang, filled(fang, kind="theme", code="stall"))
        for child in list_children(applied.case_id):
            decide_application(child.id, NOW)
        states = {str(child.facts["item"]): child.state for child in list_children(applied.case_id)}
        assert states == {"stall.licence": "refused", "stall.water": "cancelled"}
        assert get_row(applied.case_id).state == "done"

    def test_is_seen_by_its_applicant_and_the_units_that_work_on_it(self, town, knows):
        knows(**LONG_HERE)
        fang, lin = resident(), official("YX-WATER", "cases.handle")
        applied = submitted(fang, filled(fang, kind="theme", code="stall"))
        child = next(each for each in list_children(applied.case_id) if each.facts["item"] == "stall.water")
        assert get_case(fang, child.id).row.id == child.id
        assert get_case(lin, child.id).row.unit == "YX-WATER"

    def test_has_one_clock_over_all_of_it(self, town, knows):
        knows()
        fang = resident()
        applied = submitted(fang, filled(fang, kind="theme", code="stall"))
        due = get_row(applied.case_id).due_at
        assert due is not None
        assert timedelta(days=2) < due - NOW < timedelta(days=5)
