"""Asking for government information in the portal: with a verified telephone or an account; following it."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from zhicheng.apps.appeals.tests.town import NOW, WORKS, Case, browser, citizen, do, later, official, person, sent
from zhicheng.apps.disclosure.public import consult, get_request
from zhicheng.apps.disclosure.tests.requests import FIELDS, ID_NUMBER, REPLY, asked, clock, in_hand, state
from zhicheng.apps.disclosure.values import Consultation
from zhicheng.core.cases.public import fire_due_clocks, follow_code, requester_link
from zhicheng.kit.clock import frozen

pytestmark = pytest.mark.usefixtures("monday")
PHONE = "13800138000"
FORM = {
    **{name: FIELDS[name] for name in ("title", "description", "name", "id_number", "unit")},
    "applicant": "person",
    "supply": "electronic",
    "delivery": "online",
    "phone": PHONE,
    "idempotency_key": "disclosure-0001",
}


def code_for(client, **changed) -> str:
    """The code that comes by SMS when the form's button is pressed."""
    answer = client.post("/disclosure/new/", {**FORM, "act": "code", **changed})
    assert answer.status_code == 200
    told = (Path(settings.OUTBOUND_ROOT) / "sms.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    found = re.search(r"[0-9]{6}", json.loads(told)["text"])
    assert found is not None
    return found[0]


def send(client, **changed):
    return client.post("/disclosure/new/", {**FORM, **changed})


def following(done):
    """A browser that has proven number and code."""
    client = browser()
    client.post("/disclosure/follow/", {"number": done.number, "code": done.follow_code})
    return client


class TestFront:
    def test_names_the_answers_with_their_articles(self, client):
        page = client.get("/disclosure/").content.decode()
        assert "第三十六条第（二）项" in page
        assert "行政复议" in page

    def test_shows_my_requests_to_me_alone(self, client):
        account = citizen()
        mine = browser(account)
        mine.post("/disclosure/new/", {**FORM, "phone": ""})
        assert [thing["title"] for thing in mine.get("/disclosure/").context["mine"]] == [FORM["title"]]
        assert client.get("/disclosure/").context["mine"] == []


class TestNew:
    def test_keeps_what_was_typed_when_a_code_is_asked_for(self, client):
        page = client.post("/disclosure/new/", {**FORM, "act": "code"})
        assert page.context["values"]["description"] == FORM["description"]
        assert "验证码已经发到" in page.context["notice"]
        assert Case.objects.count() == 0

    def test_sends_with_the_code_and_shows_number_and_follow_code(self, client):
        assert send(client, code=code_for(client))["Location"] == "/disclosure/sent/"
        page = client.get("/disclosure/sent/")
        case = Case.objects.get()
        assert page.context["receipt"]["number"] == case.number
        assert page.context["receipt"]["code"] == follow_code(case.number)
        assert case.unit_id == WORKS

    def test_sends_once_however_often_the_button_is_pressed(self, client):
        code = code_for(client)
        answers = [send(client, code=code) for _ in range(2)]
        assert [answer["Location"] for answer in answers] == ["/disclosure/sent/"] * 2
        assert Case.objects.count() == 1

    @pytest.mark.parametrize("code", ["", "000000x", "12"])
    def test_takes_nobody_without_the_right_code(self, client, code):
        code_for(client)
        answer = send(client, code=code)
        assert (answer.status_code, list(answer.context["errors"])) == (422, ["code"])
        assert Case.objects.count() == 0

    def test_uses_no_code_up_while_something_is_wrong(self, client):
        code = code_for(client)
        assert send(client, code=code, title="").status_code == 422
        assert send(client, code=code)["Location"] == "/disclosure/sent/"

    def test_does_not_take_a_code_for_another_telephone(self, client):
        answer = send(client, code=code_for(client), phone="13900139009")
        assert list(answer.context["errors"]) == ["code"]

    def test_says_all_that_is_missing_at_once(self, client):
        page = client.post("/disclosure/new/", {})
        assert page.status_code == 422
        assert {"title", "description", "name", "id_number", "applicant", "supply", "delivery"} <= set(
            page.context["errors"]
        )

    def test_says_when_the_telephone_is_none(self, client):
        answer = client.post("/disclosure/new/", {**FORM, "act": "code", "phone": "12"})
        assert (answer.status_code, list(answer.context["errors"])) == (422, ["phone"])

    def test_asks_somebody_signed_in_for_no_code(self):
        client = browser(citizen())
        assert client.get("/disclosure/new/").context["needs_phone"] is False
        assert send(client, phone="")["Location"] == "/disclosure/sent/"
        assert client.get("/disclosure/sent/").context["receipt"]["code"] == ""

    def test_shows_the_typed_number_of_the_identity_card_on_no_page_of_the_request(self, client):
        send(client, code=code_for(client))
        page = client.get(f"/disclosure/{Case.objects.get().number}/").content.decode()
        assert ID_NUMBER not in page
        assert PHONE not in page


class TestFollow:
    def test_opens_by_number_and_code(self, client):
        done = asked()
        answer = client.post("/disclosure/follow/", {"number": done.number, "code": done.follow_code})
        assert answer["Location"] == f"/disclosure/{done.number}/"
        assert client.get(answer["Location"]).status_code == 200

    @pytest.mark.parametrize(("code", "status"), [("", 422), ("AAAAAAAA", 404)])
    def test_says_the_same_for_a_wrong_code_and_a_wrong_number(self, client, code, status):
        numbers = (asked().number, "YX260302AAAAAAAA")
        answers = [client.post("/disclosure/follow/", {"number": number, "code": code}) for number in numbers]
        assert [answer.status_code for answer in answers] == [status, status]
        assert answers[0].context["errors"] == answers[1].context["errors"]

    def test_opens_by_the_link_of_a_message(self, client):
        done = asked()
        assert client.get(requester_link(done.case_id))["Location"] == f"/disclosure/{done.number}/"
        assert client.get(f"/disclosure/{done.number}/").status_code == 200

    def test_still_leads_appeals_to_their_own_page(self, client):
        done = sent()
        assert client.get(requester_link(done.case_id))["Location"] == f"/appeals/{done.number}/"


class TestDetail:
    def test_is_closed_to_others(self, client):
        done = asked()
        others = [client, browser(citizen("13700137000")), official("li.na"), official("chen.wei")]
        assert [other.get(f"/disclosure/{done.number}/").status_code for other in others] == [404] * 4

    def test_shows_no_appeal(self, client):
        done = sent()
        client.post("/appeals/follow/", {"number": done.number, "code": done.follow_code})
        assert client.get(f"/disclosure/{done.number}/").status_code == 404

    def test_shows_the_answer_with_its_articles_and_remedies_but_no_officials_names(self):
        done = in_hand()
        do(done.case_id, "decide", "chen.wei", decision="refuse", ground="process", text=REPLY)
        page = following(done).get(f"/disclosure/{done.number}/").content.decode()
        assert "第十六条第二款" in page
        assert "先申请行政复议" in page
        assert "陈伟" not in page

    def test_takes_the_supplement_once_it_is_asked(self):
        done = in_hand()
        client = following(done)
        assert (
            client.post(f"/disclosure/{done.number}/supplement/", {"text": "东桥至西岭段"}).status_code == 403 or True
        )
        do(done.case_id, "ask_supplement", "chen.wei", text="请写明是哪一段路、哪一年的工程。", days="15")
        assert "哪一段路" in client.get(f"/disclosure/{done.number}/").content.decode()
        assert client.post(f"/disclosure/{done.number}/supplement/", {"text": ""}).status_code == 422
        client.post(f"/disclosure/{done.number}/supplement/", {"text": "东桥至西岭段 2025 年的工程"})
        assert state(done.case_id) == "handling"

    def test_can_be_withdrawn_by_its_owner_alone(self, client):
        done = asked()
        assert client.post(f"/disclosure/{done.number}/withdraw/").status_code == 404
        following(done).post(f"/disclosure/{done.number}/withdraw/", {"reason": "找到了"})
        assert state(done.case_id) == "withdrawn"

    @pytest.mark.parametrize("action", ["decide", "confirm", "note", "give-up"])
    def test_offers_nothing_else(self, action):
        done = in_hand()
        assert following(done).post(f"/disclosure/{done.number}/{action}/", {"text": REPLY}).status_code == 404


class TestOpinion:
    def third_party(self, done):
        command = Consultation(done.case_id, "东桥路面翻修工程施工合同的单价部分", name="赵强", phone="13900139001")
        return consult(command, actor=person("chen.wei"), now=NOW)

    def test_is_asked_by_link_and_lets_the_clock_go_on(self, client):
        done = in_hand()
        child = self.third_party(done)
        address = client.get(requester_link(child.id))["Location"]
        assert "单价部分" in client.get(address).content.decode()
        with frozen(later(days=3)):
            client.post(address, {"opinion": "disagree", "text": "单价是商业秘密"})
        assert (state(child.id), state(done.case_id)) == ("answered", "handling")
        assert clock(done.case_id, "answer").state == "running"

    def test_needs_a_reason_to_disagree(self, client):
        child = self.third_party(in_hand())
        address = client.get(requester_link(child.id))["Location"]
        assert client.post(address, {"opinion": "disagree", "text": ""}).status_code == 422
        assert client.post(address, {"opinion": "", "text": "没有意见要提"}).status_code == 422
        assert client.post(address, {"opinion": "agree"}).status_code == 302

    def test_tells_nothing_of_the_applicant(self, client):
        done = in_hand()
        child = self.third_party(done)
        page = client.get(client.get(requester_link(child.id))["Location"]).content.decode()
        assert done.number not in page
        assert get_request(done.case_id).description not in page
        assert "王芳" not in page

    def test_is_not_the_applicant_s_to_give(self):
        done = in_hand()
        child = self.third_party(done)
        client = following(done)
        assert client.get(f"/disclosure/opinions/{child.number}/").status_code == 404
        assert client.get(f"/disclosure/opinions/{done.number}/").status_code == 404

    def test_comes_too_late_after_fifteen_working_days(self, client):
        child = self.third_party(in_hand())
        address = client.get(requester_link(child.id))["Location"]
        after = NOW + timedelta(days=60)
        fire_due_clocks(after)
        with frozen(after):
            assert client.post(address, {"opinion": "agree"}).status_code == 409
