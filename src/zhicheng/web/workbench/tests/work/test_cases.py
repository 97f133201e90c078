"""The case page: what each role sees and may do."""

import io
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from zhicheng.apps.appeals.tests.town import (
    NOISE,
    REPLY,
    WATER,
    WORKS,
    Attachment,
    Case,
    do,
    official,
    person,
    replied,
    resident,
    sent,
)
from zhicheng.core.ledger.public import list_entries


@pytest.fixture
def chen():
    return official("chen.wei")


def act(client, done, action: str, **given):
    return client.post(f"/workbench/cases/{done.number}/actions/{action}/", given)


def picture(name: str = "现场.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "orange").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


class TestPage:
    @pytest.mark.parametrize(
        ("login", "actions"),
        [
            ("chen.wei", {"accept", "refuse", "contact", "merge"}),
            ("liu.yang", {"merge"}),
            ("sun.jie", set()),
        ],
    )
    def test_offers_each_role_what_it_may_do(self, login, actions):
        page = official(login).get(f"/workbench/cases/{sent().number}/")
        assert {action["code"] for action in page.context["actions"]} == actions

    def test_does_not_exist_for_other_units(self):
        done = sent()
        assert official("li.na").get(f"/workbench/cases/{done.number}/").status_code == 404
        assert official("xu.hao").get(f"/workbench/cases/{done.number}/").status_code == 404

    def test_is_seen_by_the_call_taker_who_took_it_down(self):
        done = sent(person("zhou.mei"), channel="phone", phone="13800138001")
        assert official("zhou.mei").get(f"/workbench/cases/{done.number}/").status_code == 200
        assert official("zhou.mei").get(f"/workbench/cases/{sent().number}/").status_code == 404

    def test_shows_reasons_alike_cases_people_and_notes(self, chen):
        other, done = sent(), sent(resident())
        do(done.case_id, "note", "he.jing", text="这家工地是老问题了")
        context = chen.get(f"/workbench/cases/{done.number}/").context
        assert context["why"][0]["candidates"]
        assert [alike["number"] for alike in context["alike"]] == [other.number]
        assert (context["people"][0]["name"], context["people"][0]["phone"]) == ("王*", "138****8000")
        assert context["notes"][0] | {"at": None} == {"at": None, "actor": "何静", "text": "这家工地是老问题了"}

    def test_shows_child_and_parent_to_both_units(self, chen):
        done = sent()
        do(done.case_id, "accept", "chen.wei")
        do(done.case_id, "invite", "chen.wei", unit=WATER, reason="请协助关闭水阀")
        child = Case.objects.get(parent_id=done.case_id)
        assert chen.get(f"/workbench/cases/{done.number}/").context["children"][0]["number"] == child.number
        page = official("li.na").get(f"/workbench/cases/{child.number}/")
        assert page.context["parent"]["number"] == done.number
        assert "请协助关闭水阀" in page.context["case"]["text"]

    def test_asks_the_database_a_bounded_number_of_times(self, chen, django_assert_max_num_queries):
        done = replied()
        for _ in range(5):
            sent()
        chen.get(f"/workbench/cases/{done.number}/")
        with django_assert_max_num_queries(20):
            chen.get(f"/workbench/cases/{done.number}/")


class TestAct:
    def test_accepts_and_comes_back_to_the_case(self, chen):
        done = sent()
        assert act(chen, done, "accept")["Location"] == f"/workbench/cases/{done.number}/"
        page = chen.get(f"/workbench/cases/{done.number}/")
        assert [str(note) for note in page.context["messages"]] == [f"{done.number}：已完成。"]

    def test_goes_home_when_the_case_has_left_my_unit(self, chen):
        done = sent()
        answer = act(chen, done, "refuse", reason="不属于本单位职责，请供水站办理")
        assert answer["Location"] == "/workbench/"

    def test_keeps_what_was_typed_and_says_beside_it_what_is_wrong(self, chen):
        done = sent()
        do(done.case_id, "accept", "chen.wei")
        page = act(chen, done, "reply", text="办好了", outcome="solved")
        assert (page.status_code, list(page.context["errors"]), page.context["open_action"]) == (422, ["text"], "reply")
        assert page.context["values"]["text"] == "办好了"

    def test_offers_outcomes_in_the_order_of_the_process(self, chen):
        done = sent()
        act(chen, done, "accept")
        page = chen.get(f"/workbench/cases/{done.number}/?action=reply").content.decode()
        offered = re.findall(r'name="outcome"[^>]*value="([a-z_]+)"', page)
        assert offered == ["solved", "partly", "explained", "not_possible"]

    def test_says_above_the_form_that_the_process_refuses(self, chen):
        done = sent()
        act(chen, done, "accept")
        page = act(chen, done, "accept")
        assert page.status_code == 409
        assert page.context["errors"]["action"]
        summary = page.content.decode().partition("data-error-summary")[2].partition("</div>")[0]
        assert "没有办成" in summary
        assert "有几处需要修改" not in summary
        assert "#id_action" not in summary

    def test_tells_the_second_of_two_that_the_case_has_changed(self, chen):
        done = sent()
        assert act(chen, done, "accept", version="1").status_code == 302
        page = act(official("he.jing"), done, "contact", version="1", text="今晚到现场查看")
        assert page.status_code == 409
        assert page.context["values"]["text"] == "今晚到现场查看"

    def test_does_a_repeated_form_once(self, chen):
        done, key = sent(), uuid4().hex
        answers = [act(chen, done, "note", note="看过了", idempotency_key=key) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert Case.objects.get(pk=done.case_id).version == 2

    def test_answers_a_repeated_reply_with_its_first_result(self, chen):
        done, key = sent(), uuid4().hex
        act(chen, done, "accept")
        for _ in range(2):
            answer = act(chen, done, "reply", idempotency_key=key, evidence=[picture()], **REPLY)
            assert answer.status_code == 302
        assert Attachment.objects.filter(case_id=done.case_id, public=True).count() == 1

    def test_refuses_who_may_not(self):
        done = sent()
        assert act(official("sun.jie"), done, "accept").status_code == 403
        assert act(official("li.na"), done, "accept").status_code == 404

    def test_answers_scripts_with_problem_details(self, chen):
        done = sent()
        url = f"/workbench/cases/{done.number}/actions/refuse/"
        answer = chen.post(url, {}, headers={"Accept": "application/json"})
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")


class TestNotFound:
    def test_leads_officials_back_to_their_work(self, chen):
        page = chen.get("/workbench/cases/SZ0000/").content.decode()
        assert '<a class="button" href="/workbench/">回工作台</a>' in page
        assert "查进度" not in page.partition("error-page")[2].partition("</main>")[0]


class TestReveal:
    def reveal(self, client, done, purpose: str = "contact"):
        return client.post(f"/workbench/cases/{done.number}/reveal/", {"purpose": purpose})

    def test_shows_the_number_once_and_the_ledger_keeps_why(self, chen):
        wang = resident()
        done = sent(wang)
        page = self.reveal(chen, done)
        assert (page.context["people"][0]["name"], page.context["people"][0]["phone"]) == ("王芳", "13800138000")
        entry = list_entries(subject=f"party:{wang.party_id}", limit=1).entries[0].entry
        assert (entry.action, entry.actor) == ("party.revealed", person("chen.wei").ref)
        assert entry.reason == f"联系诉求人 {done.number}"
        assert "13800138000" not in chen.get(f"/workbench/cases/{done.number}/").content.decode()

    def test_needs_a_purpose_of_the_list(self, chen):
        wang = resident()
        page = self.reveal(chen, sent(wang), "curiosity")
        assert (page.status_code, list(page.context["errors"])) == (422, ["purpose"])
        assert list_entries(subject=f"party:{wang.party_id}", limit=1).entries == ()

    def test_is_not_for_leaders_nor_other_units_nor_anonymous_appeals(self, chen):
        done = sent(resident())
        assert self.reveal(official("sun.jie"), done).status_code == 403
        assert self.reveal(official("li.na"), done).status_code == 404
        assert self.reveal(chen, sent(anonymous=True)).status_code == 404


class TestDispatch:
    def test_offers_the_likely_items_first(self):
        done = sent(text="晚上打桩太吵了", confirmed_item="", longitude=None, latitude=None)
        assert done.state == "received"
        liu = official("liu.yang")
        page = liu.get(f"/workbench/cases/{done.number}/?action=dispatch")
        dispatch = next(action for action in page.context["actions"] if action["code"] == "dispatch")
        options = {field["name"]: field["options"] for field in dispatch["fields"]}
        assert "把握" in options["item"][0]["options"][0][1]
        assert WORKS in {row[0] for group in options["unit"] for row in group["options"]}
        assert "unit" in act(liu, done, "dispatch", item=NOISE).context["errors"]  # nobody knows where it is
        assert act(liu, done, "dispatch", item=NOISE, unit=WORKS).status_code == 302
        assert Case.objects.get(pk=done.case_id).unit_id == WORKS
