from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from zhicheng.kit import clock
from zhicheng.kit.clock import CHINA
from zhicheng.web.signin.tests.conftest import PASSWORD, PHONE, hire, sign_in_official, sign_in_resident


class TestAccount:
    def test_is_for_signed_in_people(self, client):
        assert client.get("/account/")["Location"] == "/signin/?next=/account/"

    def test_shows_the_number_masked_and_the_device(self, client, settings):
        sign_in_resident(client, settings)
        page = client.get("/account/").content.decode()
        assert "138****1234" in page
        assert PHONE not in page
        assert "本机" in page

    def test_stands_in_the_frame_of_its_reader(self, client, settings):
        sign_in_resident(client, settings)
        assert "portal-header" in client.get("/account/").content.decode()
        hire("chen.wei")
        chen = Client()
        sign_in_official(chen)
        for address in ("/account/", "/account/password/", "/account/delegation/"):
            page = chen.get(address).content.decode()
            assert ("wb-side" in page, "portal-header" in page) == (True, False), address

    def test_keeps_a_residents_name(self, client, settings):
        sign_in_resident(client, settings)
        assert client.post("/account/name/", {"name": " "}).status_code == 422
        assert client.post("/account/name/", {"name": "张三"}).status_code == 302
        assert 'value="张三"' in client.get("/account/").content.decode()

    @pytest.mark.parametrize("agent", ["", "x" * 3000, "<script>alert(1)</script>"])
    def test_survives_any_user_agent(self, client, settings, agent):
        client.defaults["HTTP_USER_AGENT"] = agent
        sign_in_resident(client, settings)
        assert "<script>alert" not in client.get("/account/").content.decode()


class TestSignOut:
    def test_is_a_post(self, client, settings):
        sign_in_resident(client, settings)
        assert client.get("/signout/").status_code == 405
        assert client.post("/signout/").status_code == 302
        assert client.get("/account/").status_code == 302

    def test_everywhere_ends_the_other_devices(self, settings):
        hire("chen.wei")
        here, there = Client(), Client()
        sign_in_official(here)
        with clock.frozen(clock.now() + timedelta(minutes=1)):
            sign_in_official(there)
        assert there.get("/account/").status_code == 200
        here.post("/account/signout-everywhere/")
        assert [each.get("/account/").status_code for each in (here, there)] == [302, 302]


class TestPassword:
    def test_changes_and_asks_to_sign_in_again(self, client):
        hire("chen.wei")
        sign_in_official(client)
        given = {"old": PASSWORD, "new": "Banyan-tree-77", "again": "Banyan-tree-77"}
        for name, wrong in (("old", "x"), ("new", "short"), ("again", "y")):
            assert client.post("/account/password/", {**given, name: wrong}).status_code == 422
        assert client.post("/account/password/", given)["Location"] == "/signin/official/"
        assert client.get("/account/").status_code == 302

    def test_is_not_for_residents(self, client, settings):
        sign_in_resident(client, settings)
        assert client.get("/account/password/").status_code == 403


class TestDelegation:
    def lend(self, client, **changed):
        grant = client.get("/account/delegation/").context["options"]["grant"][0][0]
        today = clock.now().astimezone(CHINA).date()
        values = {"grant": grant, "to": "li.na", "start": today.isoformat(), "end": today.isoformat()}
        values["idempotency_key"] = uuid4().hex
        return client.post("/account/delegation/", {**values, **changed})

    def test_lends_and_takes_back(self, client):
        hire("chen.wei")
        hire("li.na")
        sign_in_official(client)
        assert self.lend(client).status_code == 302
        page = client.get("/account/delegation/")
        assert "代行 承办人" in page.content.decode()
        address = f"/account/delegation/{page.context['given'][0].id}/end/"
        assert client.post(address, {"idempotency_key": "one"}).status_code == 302
        assert client.get("/account/delegation/").context["given"] == []
        assert client.post(address, {"idempotency_key": "two"}).status_code == 404

    def test_pressed_twice_lends_once_and_takes_back_once(self, client):
        hire("chen.wei")
        hire("li.na")
        sign_in_official(client)
        assert [self.lend(client, idempotency_key="lend").status_code for _ in range(2)] == [302, 302]
        (given,) = client.get("/account/delegation/").context["given"]
        address = f"/account/delegation/{given.id}/end/"
        assert [client.post(address, {"idempotency_key": "end"}).status_code for _ in range(2)] == [302, 302]

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("grant", "none", "您自己的角色"),
            ("grant", "00000000-0000-0000-0000-000000000000", "您自己的角色"),
            ("to", "", "登录名"),
            ("to", "nobody", "没有这个登录名"),
            ("to", "chen.wei", "不能委托给自己"),
            ("start", "soon", "开始日期"),
            ("end", "2000-01-01", "结束时间"),
            ("end", "2099-01-01", "最长 90 天"),
        ],
    )
    def test_says_what_is_wrong(self, client, field, value, words):
        hire("chen.wei")
        hire("li.na")
        sign_in_official(client)
        answer = self.lend(client, **{field: value})
        assert answer.status_code == 422
        assert words in answer.content.decode()

    def test_is_not_for_residents(self, client, settings):
        sign_in_resident(client, settings)
        assert client.get("/account/delegation/").status_code == 403
