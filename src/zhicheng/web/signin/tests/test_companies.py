"""Acting for a company and authorising agents, as browsers see it."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from zhicheng.core.parties.public import RegisteredCompany, write_demo_companies, write_demo_proofs
from zhicheng.kit.clock import now
from zhicheng.web.signin.tests.conftest import hire, sign_in_official

FANG, LI = ("王小芳", "110101199003078291", "13812341234"), ("李慧", "110101198506152399", "13812341235")
NAME = "榕荫软件有限公司"
HERE, AGENTS, ACTING = "/account/companies/", "/account/companies/agents/", "/account/acting/"


@pytest.fixture(autouse=True)
def _registers(settings, tmp_path):
    settings.HOME = tmp_path
    write_demo_proofs([FANG[:2], LI[:2]])
    write_demo_companies([(RegisteredCompany("91440300MA5DEMA1XR", NAME), FANG[1])])


@pytest.fixture
def browser(settings):
    """Signs somebody in and, unless told otherwise, proves who they are."""

    def open_one(who: tuple[str, str, str], *, proven: bool = True) -> Client:
        client = Client()
        client.post("/signin/", {"phone": who[2]})
        line = (Path(settings.OUTBOUND_ROOT) / "sms.jsonl").read_text().splitlines()[-1]
        code = re.search(r"[0-9]{6}", json.loads(line)["text"])[0]
        client.post("/signin/code/", {"phone": who[2], "code": code})
        if proven:
            given = {"name": who[0], "id_number": who[1]}
            assert client.post("/account/identity/", given).status_code == 302
        return client

    return open_one


def act(client: Client, index: int = 0) -> object:
    """Choose a company of the page."""
    membership = client.get(HERE).context["memberships"][index].id
    return client.post(ACTING, {"membership": str(membership)})


def authorise(client: Client, **changed: object) -> object:
    ends = (now() + timedelta(days=30)).date().isoformat()
    given = {"phone": LI[2], "name": LI[0], "scopes": ["services", "policies"], "ends": ends}
    return client.post(AGENTS, {**given, **changed})


class TestSwitch:
    def test_appears_with_the_company_that_the_register_names(self, browser):
        fang = browser(FANG)
        assert "我代表" in fang.get("/my/").content.decode()
        assert NAME in fang.get(HERE).content.decode()
        assert act(fang)["Location"] == "/my/"
        assert f"我代表：<strong>{NAME}</strong>" in fang.get("/my/").content.decode()
        assert fang.post(ACTING, {"membership": ""}).status_code == 302
        assert "我代表：<strong>本人</strong>" in fang.get("/my/").content.decode()

    def test_is_not_there_for_who_has_none(self, browser):
        li = browser(LI)
        assert "我代表" not in li.get("/my/").content.decode()

    def test_takes_no_membership_of_somebody_else(self, browser):
        fang, li = browser(FANG), browser(LI)
        mine = fang.get(HERE).context["memberships"][0].id
        assert li.post(ACTING, {"membership": str(mine)}).status_code == 404
        assert li.post(ACTING, {"membership": "nonsense"}).status_code == 404
        assert "我代表" not in li.get("/my/").content.decode()

    def test_leaves_ones_own_account_ones_own(self, browser):
        fang = browser(FANG)
        act(fang)
        assert "110***********8291" in fang.get("/account/identity/").content.decode()
        assert NAME not in fang.get("/account/").context["profile"].display_name
        assert fang.post("/account/identity/release/").status_code == 302
        assert NAME not in fang.get("/my/").content.decode()
        assert "我代表" not in fang.get("/my/").content.decode()

    def test_is_for_residents(self, client):
        assert client.get(HERE)["Location"].startswith("/signin/")
        assert client.post(ACTING, {"membership": ""})["Location"].startswith("/signin/")
        hire("chen.wei")
        chen = Client()
        sign_in_official(chen)
        assert chen.get(HERE)["Location"] == "/account/"
        assert chen.get(AGENTS)["Location"] == HERE

    def test_asks_to_be_proven_first(self, browser):
        fang = browser(FANG, proven=False)
        assert "请先实名认证" in fang.get(HERE).content.decode()
        assert fang.post(f"{HERE}refresh/")["Location"].startswith("/account/identity/")


class TestAgents:
    def test_are_authorised_take_up_and_are_revoked_at_once(self, browser):
        fang, li = browser(FANG), browser(LI)
        act(fang)
        assert authorise(fang).status_code == 302
        assert "还没有接受" in fang.get(AGENTS).content.decode()
        assert "接受并代表" in li.get(HERE).content.decode()
        assert act(li)["Location"] == "/my/"
        assert NAME in li.get("/my/").content.decode()
        agent = next(each for each in fang.get(AGENTS).context["members"] if each.role == "agent")
        assert fang.post(f"{AGENTS}{agent.id}/end/").status_code == 302
        assert NAME not in li.get("/my/").content.decode()
        assert NAME not in li.get(HERE).content.decode()

    def test_do_not_authorise_others(self, browser):
        fang, li = browser(FANG), browser(LI)
        act(fang)
        authorise(fang)
        act(li)
        assert li.get(AGENTS)["Location"] == HERE
        assert authorise(li, phone="13900139000", name="陈洁")["Location"] == HERE
        assert len(fang.get(AGENTS).context["members"]) == 2

    def test_say_what_is_wrong(self, browser):
        fang = browser(FANG)
        act(fang)
        for name, wrong in (("phone", "12"), ("name", ""), ("scopes", []), ("ends", "soon"), ("ends", "2000-01-01")):
            answer = authorise(fang, **{name: wrong})
            assert answer.status_code == 422
            assert name in answer.context["errors"]

    def test_of_another_name_are_told_so(self, browser):
        fang, li = browser(FANG), browser(LI)
        act(fang)
        authorise(fang, name="李惠")
        assert act(li)["Location"] == HERE
        assert "不一样" in li.get(HERE).content.decode()

    def test_are_revoked_by_nobody_else(self, browser):
        fang, li = browser(FANG), browser(LI)
        act(fang)
        authorise(fang)
        agent = next(each for each in fang.get(AGENTS).context["members"] if each.role == "agent")
        address = f"{AGENTS}{agent.id}/end/"
        hire("chen.wei")
        chen = Client()
        sign_in_official(chen)
        assert Client().post(address)["Location"].startswith("/signin/")
        assert [each.post(address).status_code for each in (li, chen)] == [404, 404]
        assert len(fang.get(AGENTS).context["members"]) == 2
