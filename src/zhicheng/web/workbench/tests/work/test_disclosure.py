"""Disclosure for officials: the yearly report, the request in full, asking for opinions, the applicant revealed."""

import pytest

from zhicheng.apps.appeals.tests.town import Case, browser, citizen, later, official, sent
from zhicheng.apps.disclosure.tests.requests import FIELDS, ID_NUMBER, REPLY, answered, asked, in_hand, state
from zhicheng.kit.clock import frozen

pytestmark = pytest.mark.usefixtures("monday")
ASK = {"subject": "施工合同的单价部分是否公开", "name": "赵强", "phone": "13900139001", "kind": "person", "unit": ""}


class TestReport:
    def test_counts_the_year_and_names_what_is_late(self):
        done, late = in_hand(), in_hand(title="西岭供水工程验收报告")
        answered(done.case_id)
        with frozen(later(days=60)):
            page = official("zhao.lei").get("/workbench/disclosure/")
        rows = {row.code: row.total for row in page.context["figures"].rows}
        assert (rows["received"], rows["full"], rows["carried_out"]) == (2, 1, 1)
        assert [row["number"] for row in page.context["running_late"]] == [late.number]

    def test_leads_to_the_requests_in_hand(self):
        done = in_hand()
        assert (
            f"/workbench/disclosure/{done.number}/"
            in official("chen.wei").get("/workbench/disclosure/").content.decode()
        )
        assert official("li.na").get("/workbench/disclosure/").context["in_hand"] == []

    @pytest.mark.parametrize("year", ["abc", "99999", "-1", "1", "２０２６"])
    def test_takes_this_year_for_a_year_that_is_none(self, year):
        page = official("zhao.lei").get("/workbench/disclosure/", {"year": year})
        assert (page.status_code, page.context["year"]) == (200, 2026)

    @pytest.mark.parametrize(("login", "status"), [("xu.hao", 403), ("zhou.mei", 403), ("sun.jie", 200)])
    def test_is_for_those_who_read_cases(self, login, status):
        assert official(login).get("/workbench/disclosure/").status_code == status

    def test_is_closed_from_outside(self):
        assert browser().get("/workbench/disclosure/").status_code == 302
        assert browser(citizen()).get("/workbench/disclosure/").status_code == 403


class TestPage:
    def test_shows_the_request_and_masks_the_applicant(self):
        done = asked()
        page = official("chen.wei").get(f"/workbench/disclosure/{done.number}/").content.decode()
        assert FIELDS["description"] in page
        assert ID_NUMBER not in page
        assert FIELDS["phone"] not in page

    def test_does_not_exist_for_other_units(self):
        done = asked()
        assert official("li.na").get(f"/workbench/disclosure/{done.number}/").status_code == 404

    def test_is_for_requests_alone(self):
        assert official("chen.wei").get(f"/workbench/disclosure/{sent().number}/").status_code == 404


class TestReveal:
    def test_shows_the_applicant_for_a_purpose(self):
        done = asked()
        page = official("chen.wei").post(f"/workbench/disclosure/{done.number}/reveal/", {"purpose": "verify"})
        assert ID_NUMBER in page.content.decode()

    def test_shows_nothing_without_one(self):
        done = asked()
        page = official("chen.wei").post(f"/workbench/disclosure/{done.number}/reveal/", {"purpose": "看看"})
        assert page.status_code == 422
        assert ID_NUMBER not in page.content.decode()

    def test_shows_nothing_to_a_leader(self):
        done = asked()
        assert official("sun.jie").post(f"/workbench/disclosure/{done.number}/reveal/").status_code == 403


class TestAsk:
    def test_sends_the_letter_and_stops_the_clock(self):
        done = in_hand()
        answer = official("chen.wei").post(f"/workbench/disclosure/{done.number}/consult/", ASK)
        assert answer["Location"] == f"/workbench/disclosure/{done.number}/"
        assert state(done.case_id) == "consulting"
        page = official("chen.wei").get(answer["Location"])
        assert [each["whom"] for each in page.context["opinions"]] != ["赵强"]

    def test_keeps_what_was_typed_when_it_is_wrong(self):
        done = in_hand()
        page = official("chen.wei").post(f"/workbench/disclosure/{done.number}/consult/", {**ASK, "name": ""})
        assert (page.status_code, list(page.context["errors"])) == (422, ["name"])
        assert page.context["values"]["subject"] == ASK["subject"]
        assert Case.objects.filter(parent_id=done.case_id).count() == 0

    def test_is_too_early_before_confirming(self):
        done = asked()
        assert official("chen.wei").post(f"/workbench/disclosure/{done.number}/consult/", ASK).status_code == 409

    def test_is_not_for_leaders_nor_for_other_units(self):
        done = in_hand()
        path = f"/workbench/disclosure/{done.number}/consult/"
        assert official("sun.jie").post(path, ASK).status_code == 403
        assert official("li.na").post(path, ASK).status_code == 404


class TestCasePage:
    def test_confirms_and_answers_a_request(self):
        done = asked()
        desk = official("chen.wei")
        assert desk.get(f"/workbench/cases/{done.number}/").status_code == 200
        desk.post(f"/workbench/cases/{done.number}/actions/confirm/")
        wrong = desk.post(f"/workbench/cases/{done.number}/actions/decide/", {"decision": "refuse", "text": REPLY})
        assert (wrong.status_code, list(wrong.context["errors"])) == (422, ["ground"])
        desk.post(f"/workbench/cases/{done.number}/actions/decide/", {"decision": "full", "text": REPLY})
        assert state(done.case_id) == "closed"
