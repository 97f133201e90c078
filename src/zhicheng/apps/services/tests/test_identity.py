"""Who applies: what an unproven applicant may and may not get, and forms that name somebody else."""

from datetime import date
from typing import Any

import pytest

from zhicheng.apps.licences.public import list_my_licences
from zhicheng.apps.services.errors import ApplicantUnproven
from zhicheng.apps.services.operations import deciding
from zhicheng.apps.services.public import decide_application, get_application
from zhicheng.apps.services.tests.town import CHILD, NOW, filled, official, register, resident, submitted
from zhicheng.core.cases.public import act, get_row
from zhicheng.core.cases.values import ActCommand
from zhicheng.core.parties.public import record_proof
from zhicheng.core.parties.values import system_actor

pytestmark = pytest.mark.django_db
LONG_HERE = {"birth_date": date(1990, 3, 7), "resident_since_date": date(2020, 1, 1)}
JUST_HERE = {**LONG_HERE, "resident_since_date": date(2026, 2, 1)}


@pytest.fixture
def knows(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets the register say things."""

    def say(**facts: Any) -> None:
        monkeypatch.setattr(deciding, "register_facts", lambda _party: register(**facts))

    return say


class TestUnprovenApplicant:
    @pytest.mark.parametrize("facts", [LONG_HERE, JUST_HERE])
    def test_goes_to_a_person_whatever_the_rules_say(self, town, knows, facts):
        knows(**facts)
        fang = resident(proven=False)
        applied = submitted(fang, filled(fang))
        assert decide_application(applied.case_id, NOW) == "review"
        decision = get_application(applied.case_id).decision
        assert decision is not None
        assert [(problem.kind, problem.label) for problem in decision.problems] == [("unproven", "实名认证")]
        assert get_row(applied.case_id).state == "review"

    def test_is_decided_by_the_rules_once_they_are_proven(self, town, knows):
        knows(**LONG_HERE)
        fang = resident(proven=False)
        applied = submitted(fang, filled(fang))
        decide_application(applied.case_id, NOW)
        chen = official("YX-WORKS", "cases.handle")
        act(ActCommand(applied.case_id, "request_correction", {"reason": "请先完成实名认证"}), chen, NOW)
        record_proof(fang.party_id, "window", "window", actor=system_actor("test"), now=NOW)
        act(ActCommand(applied.case_id, "correct", {"text": "已认证"}), fang, NOW)
        assert decide_application(applied.case_id, NOW) == "yes"
        assert len(list_my_licences(fang, now=NOW).licences) == 1

    def test_gets_no_licence_from_an_officer_either(self, town, knows):
        knows(**LONG_HERE)
        fang, chen = resident(proven=False), official("YX-WORKS", "cases.handle")
        applied = submitted(fang, filled(fang))
        decide_application(applied.case_id, NOW)
        with pytest.raises(ApplicantUnproven):
            act(ActCommand(applied.case_id, "approve", {"text": "符合条件"}), chen, NOW)
        assert get_row(applied.case_id).state == "review"


class TestFormThatNamesSomebodyElse:
    @pytest.mark.parametrize(("field", "other"), [("name", "王大芳"), ("id_number", CHILD)])
    def test_goes_to_a_person(self, town, knows, field, other):
        knows(**LONG_HERE)
        fang = resident()
        applied = submitted(fang, filled(fang, **{field: other}))
        assert decide_application(applied.case_id, NOW) == "review"
        decision = get_application(applied.case_id).decision
        assert decision is not None
        assert any("和实名认证的不一样" in problem.text for problem in decision.problems)
        assert list_my_licences(fang, now=NOW).licences == ()
