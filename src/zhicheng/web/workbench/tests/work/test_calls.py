"""The call desk, and the audit of what was done."""

import pytest

from zhicheng.apps.appeals.public import get_appeal
from zhicheng.apps.appeals.tests.town import BURST, EAST, NOISE, SAID, WATER, Case, official, sent
from zhicheng.apps.disclosure.tests.requests import in_hand
from zhicheng.core.ledger.public import seal
from zhicheng.kit.clock import now
from zhicheng.web.workbench.audit import action_words

CALL = {
    "text": SAID[NOISE],
    "longitude": str(EAST[0]),
    "latitude": str(EAST[1]),
    "place": "东桥头",
    "phone": "13800138001",
    "name": "李建国",
    "item": NOISE,
    "idempotency_key": "call-0001",
}


@pytest.fixture
def zhou():
    return official("zhou.mei")


def take(client, **changed):
    return client.post("/workbench/calls/", {**CALL, **changed})


class TestDesk:
    def test_opens_the_appeal_and_reads_number_and_code_out(self, zhou):
        assert take(zhou)["Location"] == "/workbench/calls/"
        case = Case.objects.get()
        note = str(next(iter(zhou.get("/workbench/calls/").context["messages"])))
        assert case.number in note
        assert "云溪镇城镇管理服务中心" in note
        assert (get_appeal(case.pk).channel, get_appeal(case.pk).anonymous) == ("phone", False)

    def test_takes_one_call_once(self, zhou):
        take(zhou), take(zhou)
        assert Case.objects.count() == 1

    def test_joins_a_caller_to_an_open_appeal(self, zhou):
        done = sent()
        take(zhou, join=done.number)
        assert (get_appeal(done.case_id).supporters, Case.objects.count()) == (1, 1)

    def test_joins_nobody_to_a_case_of_another_kind(self, zhou):
        asked = in_hand()
        assert take(zhou, join=asked.number).status_code == 302
        assert sorted(Case.objects.values_list("process", flat=True)) == ["appeal", "disclosure"]

    def test_hurries_when_the_caller_is_in_danger(self, zhou):
        take(zhou, urgent="yes", phone="")
        assert Case.objects.get().urgent
        assert Case.objects.get().requester_id is None

    def test_keeps_what_was_typed_when_something_is_wrong(self, zhou):
        page = take(zhou, phone="12", text="吵")
        assert (page.status_code, set(page.context["errors"])) == (422, {"phone", "text"})
        assert page.context["values"]["name"] == "李建国"
        assert take(zhou, longitude="east").status_code == 422

    def test_is_for_call_takers(self, client):
        assert official("chen.wei").get("/workbench/calls/").status_code == 403
        assert client.post("/workbench/calls/", CALL).status_code == 302
        assert Case.objects.count() == 0


class TestPreview:
    def preview(self, client, **changed):
        return client.post("/workbench/calls/preview/", {**CALL, **changed}).context["preview"]

    def test_shows_candidates_unit_and_alike_appeals_while_typing(self, zhou):
        done = sent()
        seen = self.preview(zhou)
        chosen = [candidate for candidate in seen["candidates"] if candidate["chosen"]]
        assert [candidate["unit"] for candidate in chosen] == ["云溪镇城镇管理服务中心"]
        assert [other["number"] for other in seen["similar"]] == [done.number]
        assert Case.objects.count() == 1

    def test_says_where_it_is_or_that_it_does_not_know(self, zhou):
        assert "东桥社区" in self.preview(zhou)["place_words"]
        nowhere = self.preview(zhou, longitude="", latitude="", place="", text="请来看看我说的事情")
        assert nowhere["place_words"] == "还不知道地点"

    def test_waits_for_a_few_words(self, zhou):
        assert self.preview(zhou, text="吵") == {"candidates": [], "similar": []}

    def test_shows_the_sentence_for_a_point_elsewhere(self, zhou):
        assert self.preview(zhou, longitude="114.06", latitude="22.54")["place_words"]


class TestAudit:
    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("cases.appeal.accept", "民生诉求：签收"),
            ("cases.appeal.clock_overdue", "民生诉求：时限已到"),
            ("cases.assist.complete", "协办：协办完成"),
            ("party.revealed", "查看个人信息"),
            ("something.new", "something.new"),
        ],
    )
    def test_says_what_was_done_in_words(self, code, words):
        assert action_words(code) == words

    def test_shows_entries_to_the_auditor_only(self):
        done = sent(confirmed_item=BURST)
        xu = official("xu.hao")
        rows = xu.get("/workbench/audit/", {"q": f"case:{done.case_id}"}).context["entries"]
        assert [row["actor"] for row in rows] == ["未登录的人"]
        assert done.number in str(rows[0])
        assert done.unit == WATER
        assert official("zhao.lei").get("/workbench/audit/").status_code == 403

    def test_checks_the_chain(self):
        sent()
        seal(now=now(), limit=2000)
        xu = official("xu.hao")
        xu.post("/workbench/audit/verify/")
        assert "账本完整" in str(next(iter(xu.get("/workbench/audit/").context["messages"])))

    def test_asks_the_database_as_often_for_many_as_for_one(self, django_assert_max_num_queries):
        xu = official("xu.hao")
        for _ in range(10):
            sent()
        xu.get("/workbench/audit/")
        with django_assert_max_num_queries(14):
            assert len(xu.get("/workbench/audit/").context["entries"]) > 10

    def test_keeps_its_filter_on_the_next_page(self):
        for _ in range(55):
            sent()
        page = official("xu.hao").get("/workbench/audit/", {"actor": "anonymous:-"})
        assert "actor=anonymous%3A-" in page.context["pager"]["next_url"]
