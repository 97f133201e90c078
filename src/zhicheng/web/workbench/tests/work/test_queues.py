"""Queues, search, and many cases at once."""

import re

import pytest

from zhicheng.apps.appeals.tests.town import (
    BURST,
    NOISE,
    OUTAGE,
    TOWN,
    WATER,
    WEST,
    WORKS,
    Case,
    browser,
    do,
    later,
    official,
    replied,
    sent,
)
from zhicheng.kit.clock import frozen

QUEUE = "/workbench/queues/appeal.to_accept/"


@pytest.fixture
def chen():
    return official("chen.wei")


def numbers(client, url: str, **query) -> list[str]:
    page = client.get(url, query)
    assert page.status_code == 200
    return [row["id"] for row in page.context["queue"]["rows"]]


def notes(client, url: str = QUEUE) -> list[str]:
    return [str(note) for note in client.get(url).context["messages"]]


class TestQueue:
    def test_is_mine_only(self, chen):
        mine = sent()
        sent(text="东桥停水两天了怎么办", confirmed_item=OUTAGE)
        assert numbers(chen, QUEUE) == [mine.number]
        assert numbers(official("li.na"), QUEUE) != [mine.number]

    def test_needs_the_permission_and_an_account(self, chen, client):
        assert chen.get("/workbench/queues/appeal.triage/").status_code == 404
        assert chen.get("/workbench/queues/nothing/").status_code == 404
        assert client.get(QUEUE)["Location"] == f"/signin/official/?next={QUEUE}"

    def test_shows_what_is_due_first_on_top(self, chen):
        late, early = sent(now=later(minutes=5)), sent()
        urgent = sent(urgent=True, now=later(minutes=2))
        assert numbers(chen, QUEUE) == [early.number, urgent.number, late.number]
        assert numbers(chen, QUEUE, order="newest") == [late.number, urgent.number, early.number]

    def test_is_narrowed(self, chen):
        urgent = sent(urgent=True)
        plain = sent(text="工地在半夜倒混凝土，很吵")
        assert numbers(chen, QUEUE, urgent="yes") == [urgent.number]
        assert numbers(chen, QUEUE, q="混凝土") == [plain.number]
        assert numbers(chen, QUEUE, q=urgent.number.lower()) == [urgent.number]
        assert numbers(chen, QUEUE, division="990101001002") == []
        assert len(numbers(chen, QUEUE, division="990101")) == 2
        with frozen(later(minutes=11)):
            assert len(numbers(chen, QUEUE, late="yes")) == 2

    @pytest.mark.parametrize("query", [{"division": "x"}, {"order": "magic"}, {"late": "no"}, {"unit": "NOWHERE"}])
    def test_survives_filters_that_are_none(self, chen, query):
        sent()
        assert chen.get(QUEUE, query).status_code == 200

    def test_is_paged_without_gaps_and_keeps_its_filter(self, chen):
        made = [sent(text=f"工地第{number}次半夜施工太吵") for number in range(60)]
        seen, url = [], f"{QUEUE}?q=半夜&order=newest"
        while url:
            page = chen.get(url)
            seen += [row["id"] for row in page.context["queue"]["rows"]]
            more = page.context["pager"]["next_url"]
            url = f"{QUEUE}{more}" if more else ""
            assert not more or "q=%E5%8D%8A" in more
        assert sorted(seen) == sorted(done.number for done in made)

    def test_asks_the_database_as_often_for_many_as_for_one(self, chen, django_assert_max_num_queries):
        for _ in range(20):
            sent()
        chen.get(QUEUE)
        with django_assert_max_num_queries(14):
            assert len(numbers(chen, QUEUE)) == 20


class TestSearch:
    url = "/workbench/cases/"

    def test_finds_open_and_ended_cases_of_my_units(self, chen):
        ended, open_one = replied(), sent()
        Case.objects.filter(number=ended.number).update(final=True, state="closed")
        assert set(numbers(chen, self.url)) == {ended.number, open_one.number}
        assert numbers(chen, self.url, state="open") == [open_one.number]
        assert numbers(chen, self.url, state="done") == [ended.number]

    def test_is_narrowed_to_a_unit_of_the_tree(self):
        zhao = official("zhao.lei")
        noise, water = sent(), sent(text="东桥停水两天了怎么办", confirmed_item=OUTAGE)
        assert numbers(zhao, self.url, unit=WATER) == [water.number]
        assert set(numbers(zhao, self.url, unit=TOWN)) == {noise.number, water.number}

    def test_asks_the_database_as_often_for_many_as_for_one(self, django_assert_max_num_queries):
        zhao = official("zhao.lei")
        for item in (NOISE, OUTAGE, BURST) * 5:
            sent(confirmed_item=item)
        zhao.get(self.url)
        with django_assert_max_num_queries(14):
            assert len(numbers(zhao, self.url)) == 15


class TestPaused:
    ADDRESS = "/workbench/queues/appeal.in_hand/"

    def paused(self):
        done = sent()
        do(done.case_id, "accept", "chen.wei")
        do(done.case_id, "contact", "chen.wei", text="已联系您，正在安排人到现场。")
        do(done.case_id, "request_pause", "chen.wei", until="2026-03-12", reason="等待第三方鉴定机构出具结果")
        do(done.case_id, "approve_pause", "zhao.lei")
        return done

    def test_are_counted_and_listed_with_their_reason(self, chen):
        stopped, other = self.paused(), sent()
        do(other.case_id, "accept", "chen.wei")
        page = chen.get(self.ADDRESS)
        (view,) = [view for view in page.context["filters"]["saved"] if view["label"] == "暂停计时"]
        assert (view["count"], view["url"]) == (1, f"{self.ADDRESS}?paused=yes")
        assert numbers(chen, self.ADDRESS, paused="yes") == [stopped.number]
        assert "共 2 件" in page.content.decode()
        assert "共 1 件" in chen.get(view["url"]).content.decode()
        assert "暂停计时至 3月12日：等待第三方鉴定机构出具结果" in chen.get(view["url"]).content.decode()

    def test_show_when_they_go_on_to_whoever_looks(self, chen):
        stopped = self.paused()
        page = chen.get(f"/workbench/cases/{stopped.number}/")
        assert {clock["label"]: clock["state"] for clock in page.context["clocks"]}["暂停期"] == "running"
        code = {"number": stopped.number, "code": stopped.follow_code}
        followed = browser().post("/appeals/follow/", code, follow=True)
        assert "暂停期" in {clock["label"] for clock in followed.context["clocks"]}

    def test_are_asked_for_until_a_day_of_the_next_two_months(self, chen):
        done = sent()
        do(done.case_id, "accept", "chen.wei")
        page = chen.get(f"/workbench/cases/{done.number}/?action=request_pause").content.decode()
        (date,) = re.findall(r'<input[^>]*type="date"[^>]*>', page)
        assert all(words in date for words in ('name="until"', 'min="2026-03-03"', 'max="2026-05-01"', "required"))

    def test_list_says_when_a_search_finds_nothing(self, chen):
        assert "没有找到工单" in chen.get("/workbench/cases/", {"q": "没有人说过的话"}).content.decode()

    def test_say_where_none_is(self, chen):
        assert "没有暂停计时的工单" in chen.get(self.ADDRESS, {"paused": "yes"}).content.decode()

    def test_are_no_filter_where_no_clock_can_stop(self, chen):
        assert "暂停计时" not in {view["label"] for view in chen.get(QUEUE).context["filters"]["saved"]}


class TestBulk:
    def bulk(self, client, *cases, action: str = "accept"):
        return client.post(f"{QUEUE}bulk/", {"action": action, "case": list(cases)})

    def test_accepts_many_and_names_the_one_that_failed(self, chen):
        good, other = [sent(), sent()], sent(text="东桥停水两天了怎么办", confirmed_item=OUTAGE)
        answer = self.bulk(chen, *(done.number for done in good), other.number)
        assert answer["Location"] == QUEUE
        assert notes(chen)[0] == "已完成 2 件。"
        states = {row.number: row.state for row in Case.objects.all()}
        assert states == {good[0].number: "handling", good[1].number: "handling", other.number: "assigned"}

    def test_says_why_one_failed(self, chen):
        done = sent()
        do(done.case_id, "accept", "he.jing")
        self.bulk(chen, done.number)
        (why,) = notes(chen)
        assert why.startswith(f"{done.number}：")
        assert Case.objects.get(pk=done.case_id).version == 2

    def test_sent_twice_acts_once_and_on_what_was_added(self, chen):
        first, second = sent(), sent()
        form = {"action": "accept", "idempotency_key": "one-page"}
        for cases in ([first.number], [first.number, second.number]):
            chen.post(f"{QUEUE}bulk/", {**form, "case": cases})
        assert notes(chen) == ["已完成 1 件。", "已完成 2 件。"]
        assert [row.version for row in Case.objects.all()] == [2, 2]

    def test_does_only_what_the_queue_offers(self, chen):
        done = sent()
        assert self.bulk(chen, done.number, action="withdraw").status_code == 404
        assert chen.post("/workbench/queues/appeal.triage/bulk/", {"action": "accept"}).status_code == 404


class TestHome:
    def test_shows_queues_the_first_due_and_for_supervisors_the_units(self):
        sent(), sent(longitude=WEST[0], latitude=WEST[1])
        page = official("zhao.lei").get("/workbench/")
        assert {row["name"]: row["open"] for row in page.context["tree"]}["云溪镇城镇管理服务中心"] == 1
        assert len(page.context["soonest"]["rows"]) == 2
        assert official("chen.wei").get("/workbench/").context["tree"] is None

    def test_leaves_out_units_that_have_nothing_to_do(self):
        sent()
        names = {row["name"] for row in official("zhao.lei").get("/workbench/").context["tree"]}
        assert "云溪镇供水站" not in names

    def test_folds_empty_queues_away_except_those_of_appeals(self, chen):
        sent()
        page = chen.get("/workbench/")
        shown, idle = ([queue["code"] for queue in page.context[name]] for name in ("queues", "idle"))
        assert {"appeal.to_accept", "appeal.in_hand"} <= set(shown)
        assert len(idle) > 3
        assert not [code for code in idle if code.startswith("appeal.")]
        assert page.context["nav"][0]["idle"] == [queue | {"current": False} for queue in page.context["idle"]]
        at_one = chen.get(f"/workbench/queues/{idle[0]}/").context["nav"][0]
        assert idle[0] in [entry.get("code") for entry in at_one["entries"]]

    def test_does_not_say_that_nothing_waits_where_cases_without_a_limit_do(self, chen):
        replied()
        (answered,) = [
            queue for queue in chen.get("/workbench/").context["queues"] if queue["code"] == "appeal.answered"
        ]
        assert (answered["count"], answered["words"]) == (1, "没有在走的时限")

    def test_has_no_queues_for_auditors(self):
        page = official("xu.hao").get("/workbench/")
        assert page.context["queues"] == []
        assert [tool["label"] for tool in page.context["tools"]] == ["审计"]

    def test_shows_no_raw_value_for_a_case_without_a_limit(self, chen):
        replied()
        page = chen.get("/workbench/queues/appeal.answered/").content.decode()
        assert "None" not in page

    def test_asks_the_database_a_bounded_number_of_times(self, django_assert_max_num_queries):
        zhao = official("zhao.lei")
        for _ in range(12):
            sent()
        zhao.get("/workbench/")
        with django_assert_max_num_queries(16):  # 14, and two looks at the pack on a slow machine
            zhao.get("/workbench/")


class TestMessages:
    def test_are_those_of_my_units(self, chen):
        sent()
        assert chen.get("/workbench/messages/").status_code == 200
        assert chen.post("/workbench/messages/")["Location"] == "/workbench/messages/"


class TestUnits:
    cases = "/workbench/cases/"

    def rows(self, client, url: str = "/workbench/units/") -> dict[str, tuple[int, int]]:
        page = client.get(url).context
        return {row["name"]: (row["open"], row["late"]) for row in [*page["rows"], *page["idle"]]}

    def test_count_open_and_late_work_below_me(self):
        sent()
        sent(now=later(minutes=-60))
        shown = self.rows(official("sun.jie"))
        assert shown == {"本单位": (0, 0), "云溪镇城镇管理服务中心": (2, 1), "云溪镇供水站": (0, 0)}

    def test_hide_those_that_have_nothing_open_behind_a_summary(self):
        sent()
        page = official("zhao.lei").get("/workbench/units/")
        assert [row["name"] for row in page.context["rows"]] == ["本单位", "云溪镇城镇管理服务中心"]
        shown, _, hidden = page.content.decode().partition(f"其余 {len(page.context['idle'])} 个单位没有在办")
        assert "云溪镇供水站" not in shown
        assert "云溪镇供水站" in hidden

    def test_count_the_unit_s_own_work_first_and_lead_to_it_alone(self):
        sent()
        own = sent(longitude=WEST[0], latitude=WEST[1])  # the town itself is in charge there
        first = official("zhao.lei").get("/workbench/units/").context["rows"][0]
        assert (first["name"], first["open"]) == ("本单位", 1)
        assert first["url"] == f"/workbench/cases/?unit={TOWN}&own=yes"
        assert numbers(official("zhao.lei"), self.cases, unit=TOWN, own="yes") == [own.number]

    def test_are_not_for_handlers_and_not_for_units_above(self):
        assert official("chen.wei").get("/workbench/units/").status_code == 403
        assert official("sun.jie").get("/workbench/units/NOWHERE/").status_code == 404
        assert official("sun.jie").get(f"/workbench/units/{WORKS}/").status_code == 200


class TestReports:
    def test_show_each_promise_against_its_target(self):
        sent(now=later(minutes=-60))
        page = official("sun.jie").get("/workbench/reports/today/")
        tiles = {tile["label"]: (tile["value"], tile["state_words"]) for tile in page.context["tiles"]}
        assert tiles == {
            "10 分钟响应率": ("0.0", "未达标"),
            "按时办结率": ("—", "还没有数据"),
            "好评率": ("—", "还没有数据"),
        }
        assert official("chen.wei").get("/workbench/reports/today/").status_code == 403
