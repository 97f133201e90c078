"""Following an appeal: by code, by link, as its owner; and what the owner may do."""

import pytest

from zhicheng.apps.appeals.tests.town import Case, browser, citizen, do, later, official, replied, sent
from zhicheng.core.cases.public import requester_link
from zhicheng.core.parties.public import actor_for
from zhicheng.kit.clock import frozen

pytestmark = pytest.mark.usefixtures("monday")


def following(done):
    """A browser that has proven number and code."""
    client = browser()
    client.post("/appeals/follow/", {"number": done.number, "code": done.follow_code})
    return client


def own(count: int = 1, **fields):
    """A signed-in resident's browser and their appeals."""
    account = citizen()
    actor = actor_for(account.pk, now=later())
    return browser(account), [sent(actor, **fields) for _ in range(count)]


class TestFollow:
    def test_opens_by_number_and_code_in_any_case(self, client):
        done = sent()
        answer = client.post("/appeals/follow/", {"number": f" {done.number.lower()} ", "code": done.follow_code})
        assert answer["Location"] == f"/appeals/{done.number}/"
        assert client.get(answer["Location"]).context["appeal"]["number"] == done.number

    @pytest.mark.parametrize(("code", "status"), [("", 422), ("AAAAAAAA", 404), ("0" * 900, 404)])
    def test_says_the_same_for_a_wrong_code_and_a_wrong_number(self, client, code, status):
        answers = [
            client.post("/appeals/follow/", {"number": number, "code": code})
            for number in (sent().number, "YX260302AAAAAAAA")
        ]
        assert [answer.status_code for answer in answers] == [status, status]
        assert answers[0].context["errors"] == answers[1].context["errors"]

    def test_does_not_open_an_appeal_by_its_number_alone(self, client):
        assert client.get(f"/appeals/{sent().number}/").status_code == 404

    def test_opens_by_the_signed_link_of_a_message(self, client):
        done = sent()
        link = requester_link(done.case_id)
        assert client.get(link)["Location"] == f"/appeals/{done.number}/"
        assert client.get(f"/appeals/{done.number}/").status_code == 200

    def test_does_not_open_by_a_forged_link(self, client):
        link = requester_link(sent().case_id)
        token = link.rstrip("/").rpartition("/")[2]
        forged = token[:-1] + ("A" if token[-1] != "A" else "B")
        assert client.get(f"/t/{forged}/").status_code in {404, 410}
        assert client.get("/t/nothing/").status_code in {404, 410}


class TestDetail:
    def test_shows_the_words_and_the_way_on_but_no_officials_names(self):
        done = sent()
        do(done.case_id, "contact", "chen.wei", text="今晚到现场查看")
        do(done.case_id, "note", "chen.wei", text="内部：老问题")
        page = following(done).get(f"/appeals/{done.number}/").content.decode()
        assert "今晚到现场查看" in page
        assert "陈伟" not in page
        assert "老问题" not in page

    def test_is_for_its_owner_only(self):
        client, (mine,) = own()
        other = sent()
        assert client.get(f"/appeals/{mine.number}/").status_code == 200
        assert client.get(f"/appeals/{other.number}/").status_code == 404

    def test_is_not_for_officials(self):
        assert official("chen.wei").get(f"/appeals/{sent().number}/").status_code == 404

    def test_asks_the_database_a_bounded_number_of_times(self, django_assert_max_num_queries):
        many = [sent() for _ in range(6)]
        client = browser()
        for done in many:
            client.post("/appeals/follow/", {"number": done.number, "code": done.follow_code})
        client.get(f"/appeals/{many[-1].number}/")
        with django_assert_max_num_queries(16):
            client.get(f"/appeals/{many[-1].number}/")


class TestOwnerActs:
    def act(self, client, done, action: str, **given):
        return client.post(f"/appeals/{done.number}/{action}/", given)

    def test_rates_and_sees_thanks(self):
        done = replied()
        answer = self.act(following(done), done, "rate", stars="5", comment="谢谢", solved="partly")
        assert answer.status_code == 302
        assert Case.objects.get(pk=done.case_id).state == "closed"

    def test_says_beside_the_stars_what_is_missing(self):
        done = replied()
        page = self.act(following(done), done, "rate", stars="", comment="谢谢")
        assert (page.status_code, list(page.context["errors"])) == (422, ["stars"])
        assert page.context["values"]["comment"] == "谢谢"

    def test_rates_once(self):
        done = replied()
        client = following(done)
        answers = [self.act(client, done, "rate", stars="5", idempotency_key=f"k{n}") for n in range(2)]
        assert [answer.status_code for answer in answers] == [302, 409]

    def test_adds_and_withdraws(self):
        done = sent()
        client = following(done)
        assert self.act(client, done, "supplement", text="今晚又在施工").status_code == 302
        assert "今晚又在施工" in client.get(f"/appeals/{done.number}/").content.decode()
        assert self.act(client, done, "withdraw").status_code == 302
        assert Case.objects.get(pk=done.case_id).state == "withdrawn"

    def test_does_nothing_else_and_nothing_to_others(self):
        done, other = sent(), sent()
        client = following(done)
        assert self.act(client, done, "accept").status_code == 404
        assert self.act(client, other, "withdraw").status_code == 404
        assert Case.objects.get(pk=other.case_id).state == "assigned"


class TestMyAppeals:
    def test_needs_an_account(self, client):
        assert client.get("/my/appeals/")["Location"] == "/signin/?next=/my/appeals/"

    def test_is_paged_without_gaps(self):
        client, mine = own(count=45)
        seen, url = [], "/my/appeals/"
        while url:
            page = client.get(url)
            seen += [thing["number"] for thing in page.context["things"]]
            following_url = page.context["pager"]["next_url"]
            url = f"/my/appeals/{following_url}" if following_url else ""
        assert sorted(seen) == sorted(done.number for done in mine)

    def test_keeps_the_search_on_the_next_page(self):
        client, _ = own(count=21, text="水&火 工地打桩的声音太大")
        page = client.get("/my/appeals/", {"q": "水&火", "state": "open"})
        second = client.get(f"/my/appeals/{page.context['pager']['next_url']}")
        assert (second.context["q"], second.context["state"], len(second.context["things"])) == ("水&火", "open", 1)

    def test_finds_words_and_states(self):
        client, (done,) = own()
        numbers = {
            state: [thing["number"] for thing in client.get("/my/appeals/", {"state": state}).context["things"]]
            for state in ("", "open", "done")
        }
        assert numbers == {"": [done.number], "open": [done.number], "done": []}
        assert client.get("/my/appeals/", {"q": "没有的词"}).context["things"] == []

    def test_asks_the_database_as_often_for_many_as_for_one(self, django_assert_max_num_queries):
        client, _ = own(count=15)
        client.get("/my/appeals/")
        with django_assert_max_num_queries(12):
            assert len(client.get("/my/appeals/").context["things"]) == 15

    def test_refuses_a_cursor_that_is_none(self):
        client, _ = own()
        assert client.get("/my/appeals/", {"after": "xx"}).status_code == 400


class TestHome:
    def test_shows_my_next_step_and_the_citys_numbers(self):
        account = citizen()
        done = replied(actor=actor_for(account.pk, now=later()))
        with frozen(later(hours=1)):
            page = browser(account).get("/")
        assert page.context["mine"][0]["action"] == {"label": "去评价", "url": f"/appeals/{done.number}/#rate"}
        numbers = {number["label"]: number["value"] for number in page.context["numbers"]}
        assert (numbers["今天受理"], numbers["今天答复"], numbers["10 分钟响应"]) == ("1", "1", "100.0")

    def test_counts_the_citys_numbers_once_a_minute(self, client, django_assert_num_queries):
        sent()
        client.get("/")
        with django_assert_num_queries(0):
            client.get("/")

    def test_asks_the_database_a_bounded_number_of_times(self, client, django_assert_max_num_queries):
        sent()
        client.get("/")
        with django_assert_max_num_queries(10):
            client.get("/")


class TestMessages:
    def test_are_mine_and_marked_as_read(self):
        client, _ = own()
        assert client.get("/my/messages/").status_code == 200
        assert client.post("/my/messages/")["Location"] == "/my/messages/"
