"""Every kind of case has doors of its own: those of appeals open no request for information and no application."""

import json
from typing import Any

import pytest

from zhicheng.apps.appeals.tests.town import NOW, WORKS, Case, browser, citizen, official, person
from zhicheng.apps.disclosure.public import consult
from zhicheng.apps.disclosure.tests.requests import in_hand
from zhicheng.apps.disclosure.values import Consultation
from zhicheng.apps.services.tests.town import filled, submitted
from zhicheng.apps.services.tests.town import resident as applicant
from zhicheng.core.cases.public import follow_code, get_row, new_case, store_case
from zhicheng.core.cases.values import CaseDraft, CaseRow
from zhicheng.core.parties.public import actor_for
from zhicheng.core.parties.values import system_actor

pytestmark = pytest.mark.usefixtures("monday")


def request_for_information() -> CaseRow:
    return get_row(in_hand().case_id)


def letter_to_a_third_party() -> CaseRow:
    command = Consultation(in_hand().case_id, "东桥路面翻修工程施工合同的单价部分", name="赵强", phone="13900139001")
    return get_row(consult(command, actor=person("chen.wei"), now=NOW).id)


def application() -> CaseRow:
    fang = applicant()
    return get_row(submitted(fang, filled(fang)).case_id)


def correction() -> CaseRow:
    draft = CaseDraft("benefit_correction", WORKS, "高龄津贴：更正“出生日期”")
    return get_row(store_case(new_case(draft, system_actor("test"), NOW), now=NOW).id)


@pytest.fixture(
    params=[request_for_information, letter_to_a_third_party, application, correction], ids=lambda make: make.__name__
)
def other(request: pytest.FixtureRequest) -> CaseRow:
    """A case that is no appeal, at the unit of Chen Wei."""
    made: CaseRow = request.param()
    return made


def _post(client: Any, path: str, body: dict[str, Any], **headers: str) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


class TestApiOfAppeals:
    def test_shows_no_other_kind_to_the_official_who_handles_it(self, other):
        desk = official("chen.wei")
        assert desk.get(f"/workbench/cases/{other.number}/").status_code == 200
        assert desk.get(f"/api/v1/appeals/{other.number}").status_code == 404

    def test_lets_the_official_do_nothing_to_it(self, other):
        path = f"/api/v1/appeals/{other.number}/actions"
        for action in ("note", "accept", "decide", "approve", "record_answer"):
            answer = _post(official("chen.wei"), f"{path}/{action}", {"input": {"text": "已经看过，没有意见"}})
            assert (answer.status_code, answer.json()["code"]) == (404, "cases.not_found")
        assert Case.objects.get(pk=other.id).version == other.version

    def test_opens_nothing_by_number_and_code(self, client, other):
        code = {"X-Follow-Code": follow_code(other.number)}
        path = f"/api/v1/appeals/{other.number}"
        assert client.get(path, headers=code).status_code == 404
        for action in ("withdraw", "answer"):
            answer = _post(client, f"{path}/actions/{action}", {"input": {"opinion": "disagree"}}, **code)
            assert answer.status_code == 404
        assert Case.objects.get(pk=other.id).version == other.version


class TestPagesOfAppeals:
    def test_open_and_withdraw_no_other_kind(self, other):
        client = browser()
        found = client.post("/appeals/follow/", {"number": other.number, "code": follow_code(other.number)})
        assert not found["Location"].startswith("/appeals/")
        assert client.get(f"/appeals/{other.number}/").status_code == 404
        assert client.post(f"/appeals/{other.number}/withdraw/").status_code == 404
        assert Case.objects.get(pk=other.id).version == other.version

    def test_lead_whoever_types_a_number_of_their_own_to_its_page(self):
        account = citizen()
        mine = in_hand_of(account)
        found = browser(account).get("/search/", {"q": mine.number.lower()})
        assert found["Location"] == f"/disclosure/{mine.number}/"
        assert browser().get("/search/", {"q": mine.number})["Location"] == f"/appeals/{mine.number}/"


class TestCasePage:
    def test_asks_nobody_for_an_opinion_without_a_letter(self):
        letter = letter_to_a_third_party()
        asked = get_row(letter.parent)
        desk = official("chen.wei")
        page = desk.get(f"/workbench/cases/{asked.number}/")
        assert "consult" not in [action["code"] for action in page.context["actions"]]
        assert desk.post(f"/workbench/cases/{asked.number}/actions/consult/").status_code == 404
        assert Case.objects.get(pk=asked.id).version == asked.version

    def test_accepts_by_the_queue_only_what_is_of_its_kind(self):
        other, desk = correction(), official("chen.wei")
        desk.post("/workbench/queues/appeal.to_accept/bulk/", {"action": "accept", "case": [other.number]})
        assert Case.objects.get(pk=other.id).state == "submitted"


def in_hand_of(account: Any) -> CaseRow:
    """A request for information of somebody with an account."""
    draft = CaseDraft("disclosure", WORKS, "东桥路面翻修工程合同", requester=actor_for(account.pk, now=NOW).party_id)
    return get_row(store_case(new_case(draft, system_actor("test"), NOW), now=NOW).id)
