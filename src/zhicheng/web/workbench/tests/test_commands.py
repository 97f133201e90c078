import json
import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from zhicheng.apps.twin.public import check_watched, forget_words
from zhicheng.apps.twin.tests.small_city import fill_city
from zhicheng.core.lake.errors import QueryTooSlow
from zhicheng.kit.clock import now
from zhicheng.web.workbench.tests.conftest import hire, signed_in

HOME = "/workbench/twin/ask/"


@pytest.fixture
def leader(settings, tmp_path) -> Client:
    settings.HOME = tmp_path / "home"
    forget_words()
    fill_city()
    hire("leader", role="leader", unit="YX")
    return signed_in("leader")


class TestAskPage:
    def test_answers_a_question_and_lets_chips_be_taken_away(self, leader):
        page = leader.get(HOME, {"q": "东桥社区40米以上的办公楼"})
        assert page.status_code == 200
        assert page.context["answer"].keys == ("B03",)
        chip = next(chip for chip in page.context["chips"] if chip["text"] == "高度不低于40米")
        wider = leader.get(chip["url"])
        assert wider.context["answer"].keys == ("B01", "B03")
        shapes = json.loads(leader.get(wider.context["features_url"]).content)
        assert len(shapes["features"]) == 2
        lines = leader.get(wider.context["export_url"]).content.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("名称,")
        assert "溪畔1号楼" in lines[1]
        again = leader.get(HOME)
        assert [each.text for each in again.context["asked"]] == ["东桥社区40米以上的办公楼"]

    def test_keeps_what_was_drawn_in_its_addresses_and_says_where_it_was_not_used(self, leader):
        drawn = "POLYGON((110.03 25.04,110.0318 25.04,110.0318 25.06,110.03 25.06,110.03 25.04))"
        page = leader.get(HOME, {"q": "这里面的楼", "drawn": drawn})
        assert page.context["answer"].keys == ("B00", "B01")
        assert f'data-shape="{drawn}"' in page.content.decode()
        assert parse_qs(urlsplit(page.context["features_url"]).query)["drawn"] == [drawn]
        assert "画的范围没有用在这个问题里" not in page.content.decode()
        unused = leader.get(HOME, {"q": "办公楼", "drawn": drawn})
        assert "画的范围没有用在这个问题里" in unused.content.decode()

    def test_leads_to_the_page_of_an_indicator(self, leader):
        page = leader.get(HOME, {"q": "受理诉求量指标"})
        assert page.context["answer"].rows[0][2].startswith("缺数据")
        assert 'href="/workbench/indicators/appeal.received/"' in page.content.decode()
        counted = leader.get(HOME, {"q": "受理诉求量"})
        assert counted.context["answer"].command.table == "case"
        assert "指标库里有同名指标" in counted.content.decode()

    def test_says_what_it_did_not_understand(self, leader):
        page = leader.get(HOME, {"q": "东桥社区有喷泉的办公楼"})
        assert "喷泉" in page.content.decode()
        assert "answer" not in page.context or page.context["refusal"]
        assert leader.get(HOME, {"q": "楼", "c": "{]"}).status_code == 422
        assert "东桥社区" in leader.get(f"{HOME}suggest/", {"q": "东桥社"}).content.decode()

    def test_watches_a_question_until_told_not_to(self, leader):
        said = {"q": "东桥社区的办公楼", "idempotency_key": leader.get(HOME, {"q": "楼"}).context["idempotency_key"]}
        for _ in range(2):
            leader.post(f"{HOME}watch/", said)
        ((watched, url),) = leader.get(HOME).context["watched"]
        assert watched.summary == "共2条"
        assert leader.get(HOME, {"watch": str(watched.id)}).url == url
        assert leader.get(url).context["answer"].total == 2
        leader.post(f"{HOME}watch/{watched.id}/end/")
        assert leader.get(HOME).context["watched"] == []

    def test_shows_why_a_watched_question_failed_only_until_it_is_answered_again(self, leader, monkeypatch):
        key = leader.get(HOME, {"q": "楼"}).context["idempotency_key"]
        leader.post(f"{HOME}watch/", {"q": "东桥社区的办公楼", "idempotency_key": key})

        def fail(*args: object, **more: object) -> None:
            raise QueryTooSlow(limit_s=10)

        at = now()
        with monkeypatch.context() as patched:
            patched.setattr("zhicheng.apps.twin.operations.commands_keeping.run_understood", fail)
            assert check_watched(now=at + timedelta(minutes=6)) == 1
        assert "已经停止" in leader.get(HOME).context["watched"][0][0].summary
        assert check_watched(now=at + timedelta(minutes=7)) == 0
        assert check_watched(now=at + timedelta(minutes=12)) == 1
        assert leader.get(HOME).context["watched"][0][0].summary == "共2条"

    def test_makes_a_task_only_after_a_yes(self, leader):
        hire("super", role="supervisor", unit="YX")
        officer = signed_in("super")
        page = officer.get(HOME, {"q": "派任务给镇管理中心：核查没有电梯的楼"})
        draft = page.context["draft"]
        assert (draft.unit, draft.count) == ("YX-WORKS", 4)
        query = parse_qs(urlsplit(page.context["features_url"]).query)
        said = {"q": query["q"][0], "c": query["c"][0], "unit": draft.unit, "text": draft.text}
        said["idempotency_key"] = page.context["idempotency_key"]
        assert leader.post(f"{HOME}act/", said).url == HOME
        first = officer.post(f"{HOME}act/", said).url
        assert first.startswith("/workbench/cases/YX")
        assert officer.post(f"{HOME}act/", said).url == first
        assert officer.post(f"{HOME}act/", {**said, "text": "另一件事"}).url == HOME
        assert officer.post(f"{HOME}act/", {**said, "idempotency_key": ""}).url == HOME

    def test_makes_a_task_of_what_is_in_view(self, leader):
        hire("super", role="supervisor", unit="YX")
        officer = signed_in("super")
        asked = {"q": "派任务给镇管理中心：核查当前视野内的楼", "view": "110.03,25.04,110.0318,25.06"}
        page = officer.get(HOME, asked)
        assert page.context["draft"].count == 2
        form = page.content.decode().partition("确认后才会生成任务")[2].partition("</form>")[0]
        said = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
        answer = officer.post(f"{HOME}act/", {name: unescape(value) for name, value in said.items()} | {"text": "去看"})
        assert answer.url.startswith("/workbench/cases/YX")


class TestCommandsApi:
    def test_parses_runs_and_runs_what_was_edited(self, leader):
        said = {"text": "东桥社区40米以上的办公楼"}
        parsed = leader.post("/api/v1/twin/commands/parse", said, content_type="application/json").json()
        assert parsed["brief"] == {"find": "building", "in": ["东桥社区"], "where": ["height_m >= 40", "use = office"]}
        whole = leader.post("/api/v1/twin/commands/run", said, content_type="application/json").json()
        assert (whole["keys"], whole["total"], len(whole["features"]["features"])) == (["B03"], 1, 1)
        edited = {"text": said["text"], "command": {**parsed["command"], "where": ["use = office"]}}
        wider = leader.post("/api/v1/twin/commands/run", edited, content_type="application/json").json()
        assert wider["keys"] == ["B01", "B03"]
        unusable = {"text": "", "command": {"table": "building", "where": ["drop table building"]}}
        assert leader.post("/api/v1/twin/commands/run", unusable, content_type="application/json").status_code == 422
        unknown = {"text": "", "command": {"table": "building", "where": ["secret = 1"]}}
        found = leader.post("/api/v1/twin/commands/run", unknown, content_type="application/json").json()
        assert found["understood"]["refusal"]["code"] == "unusable"
