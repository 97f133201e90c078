"""My consents from outside: what I see, what others do not, and that taking back works at once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client

from zhicheng.apps.services.public import start_application
from zhicheng.apps.services.tests.town import ADULT, NOW, resident, town_installed
from zhicheng.core.forms.public import agree_to_source, get_draft, owner_of, prefill_draft
from zhicheng.core.forms.values import Draft, PrefillAsk
from zhicheng.core.parties.public import (
    RegisteredCompany,
    authorise_agent,
    create_official,
    give_consent,
    list_memberships,
    refresh_companies,
    with_mandate,
    write_demo_companies,
)
from zhicheng.core.parties.values import Actor, NewConsent, NewGrant, NewOfficial, system_actor
from zhicheng.core.parties.values.members import NewAgent
from zhicheng.kit import clock

HERE = "/my/consents/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town_on_that_day(db: None, tmp_path: Path) -> Iterator[None]:
    with town_installed(tmp_path), clock.frozen(NOW):
        yield


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(apps.get_model("parties", "Account").objects.get(pk=actor.account_id))
    return client


@pytest.fixture
def fang() -> Actor:
    return resident(account=True)


@pytest.fixture
def li() -> Actor:
    return resident("李慧", "110101198506152399", phone="13800138001", account=True)


def prefilled(actor: Actor) -> Draft:
    """A form for which the actor agreed to the own account, and used it."""
    owner = owner_of(actor)
    draft = start_application("item", "stall.licence", owner=owner, now=NOW)
    agree_to_source(draft, "profile", actor=actor, now=NOW)
    prefill_draft(PrefillAsk(draft.id, draft.version, ("profile",), actor), owner=owner, now=NOW)
    return get_draft(draft.id, owner=owner, now=NOW)


class TestConsents:
    def test_show_what_for_until_when_and_each_use(self, fang):
        prefilled(fang)
        page = browser(fang).get(HERE).content.decode()
        for words in (
            "我的账号",
            "只用于填写《出摊申请表》",
            "到这张表提交或者删除为止",
            "取用姓名、公民身份号码（取到了）",
        ):
            assert words in page
        assert ADULT not in page

    def test_are_taken_back_at_once_and_leave_what_was_filled_in(self, fang):
        draft = prefilled(fang)
        client = browser(fang)
        consent = client.get(HERE).context["current"][0]["id"]
        assert client.post(f"{HERE}{consent}/withdraw/")["Location"] == HERE
        assert client.get(HERE).context["current"] == []
        owner = owner_of(fang)
        kept = get_draft(draft.id, owner=owner, now=NOW)
        assert kept.values["name"] == "王小芳"
        report = prefill_draft(PrefillAsk(draft.id, kept.version, ("profile",), fang), owner=owner, now=NOW)
        assert "同意" in report.answers[0].failure
        assert client.post(f"{HERE}{consent}/withdraw/").status_code == 404

    def test_are_over_with_their_form(self, fang):
        draft = prefilled(fang)
        client = browser(fang)
        assert client.post(f"/apply/{draft.id}/give-up/").status_code == 302
        page = client.get(HERE)
        assert page.context["current"] == []
        assert "表已经提交或者删除" in page.content.decode()

    def test_are_nobody_elses(self, fang, li):
        prefilled(fang)
        consent = browser(fang).get(HERE).context["current"][0]["id"]
        address = f"{HERE}{consent}/withdraw/"
        official = NewOfficial("chen.wei", "Lychee-park-42", "陈伟", (NewGrant("handler", "YX-WORKS"),), demo=True)
        create_official(official, actor=system_actor("test"), now=NOW)
        chen = Client()
        chen.force_login(apps.get_model("parties", "Account").objects.get(login="chen.wei"))
        assert Client().get(HERE)["Location"].startswith("/signin/")
        assert Client().post(address)["Location"].startswith("/signin/")
        assert [client.post(address).status_code for client in (browser(li), chen)] == [404, 404]
        assert [client.get(HERE).context["current"] for client in (browser(li), chen)] == [[], []]
        assert len(browser(fang).get(HERE).context["current"]) == 1


class TestConsentsOfACompany:
    @pytest.fixture
    def company(self, fang: Actor) -> Actor:
        write_demo_companies([(RegisteredCompany("91440300MA5DEMA1XR", "榕荫软件有限公司"), ADULT)])
        refresh_companies(actor=fang, now=NOW)
        return with_mandate(fang, list_memberships(fang, now=NOW)[0].id, now=NOW)

    def acting(self, actor: Actor) -> Client:
        client = browser(actor)
        membership = client.get("/account/companies/").context["memberships"][0].id
        client.post("/account/acting/", {"membership": str(membership)})
        return client

    def test_are_the_companys_not_ones_own(self, fang, company):
        give_consent(NewConsent("company", "匹配企业的政策"), actor=company, now=NOW)
        give_consent(NewConsent("population", "填写本人的表"), actor=fang, now=NOW)
        assert [each["purpose"] for each in browser(fang).get(HERE).context["current"]] == ["填写本人的表"]
        page = self.acting(fang).get(HERE)
        assert [each["purpose"] for each in page.context["current"]] == ["匹配企业的政策"]
        assert "榕荫软件有限公司" in page.content.decode()

    def test_are_seen_by_agents_within_their_scopes_until_revoked(self, fang, li, company):
        consent = give_consent(NewConsent("company", "匹配企业的政策"), actor=company, now=NOW)
        agent = NewAgent("13800138001", "李慧", frozenset({"services"}), NOW + timedelta(days=9))
        membership = authorise_agent(agent, actor=company, now=NOW)
        client = self.acting(li)
        assert len(client.get(HERE).context["current"]) == 1
        owner = self.acting(fang)
        assert owner.post(f"/account/companies/agents/{membership}/end/").status_code == 302
        assert client.get(HERE).context["current"] == []
        assert client.post(f"{HERE}{consent}/withdraw/").status_code == 404

    def test_are_closed_to_agents_for_licences_only(self, li, company):
        consent = give_consent(NewConsent("company", "匹配企业的政策"), actor=company, now=NOW)
        agent = NewAgent("13800138001", "李慧", frozenset({"licences"}), NOW + timedelta(days=9))
        authorise_agent(agent, actor=company, now=NOW)
        client = self.acting(li)
        assert client.get(HERE).status_code == 403
        assert client.post(f"{HERE}{consent}/withdraw/").status_code == 403
        assert client.get("/my/licences/").status_code == 200
        assert client.get("/my/services/").context["things"] == []
        assert client.get("/policies/match/company/").status_code == 403
