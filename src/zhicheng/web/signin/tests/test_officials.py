import base64
import hmac
import re
import struct
from datetime import timedelta

import pytest

from zhicheng.core.parties.public import begin_totp, present_totp
from zhicheng.kit import clock
from zhicheng.web.signin.tests.conftest import PASSWORD, hire, sign_in_official


def give_password(client, login="chen.wei", password=PASSWORD, **rest):
    return client.post("/signin/official/", {"login": login, "password": password, **rest})


class TestSignin:
    def test_needs_password_and_code(self, client):
        hire("chen.wei")
        answer = give_password(client, next="/account/delegation/")
        assert answer["Location"] == "/signin/totp/"
        assert client.get("/account/").status_code == 302
        answer = client.post("/signin/totp/", {"code": present_totp("chen.wei", now=clock.now())})
        assert answer["Location"] == "/account/delegation/"
        assert client.get("/account/").status_code == 200

    def test_leads_to_the_workbench(self, client):
        hire("chen.wei")
        assert sign_in_official(client)["Location"] == "/workbench/"

    @pytest.mark.parametrize("login", ["chen.wei", "nobody"])
    def test_answers_alike_for_known_and_unknown_names(self, client, login):
        hire("chen.wei")
        answer = give_password(client, login, "wrong")
        assert answer.status_code == 401
        assert "登录名、密码或动态口令不对" in answer.content.decode()
        assert "wrong" not in answer.content.decode()

    def test_gives_nothing_for_a_code_alone(self, client):
        hire("chen.wei")
        answer = client.post("/signin/totp/", {"code": present_totp("chen.wei", now=clock.now())})
        assert answer["Location"] == "/signin/official/"

    def test_forgets_the_first_step_after_ten_minutes(self, client):
        hire("chen.wei")
        give_password(client)
        with clock.frozen(clock.now() + timedelta(minutes=11)):
            assert client.get("/signin/totp/")["Location"] == "/signin/official/"

    def test_locks_after_five_wrong_codes(self, client):
        hire("chen.wei")
        give_password(client)
        right = present_totp("chen.wei", now=clock.now())
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        assert {client.post("/signin/totp/", {"code": wrong}).status_code for _ in range(5)} == {401}
        assert client.post("/signin/totp/", {"code": right}).status_code == 401


class TestFirstSignin:
    def test_enrols_the_authenticator_by_picture_or_by_hand(self, client):
        chen = hire("chen.wei", demo=False)
        give_password(client)
        page = client.get("/signin/totp/").content.decode()
        secret = begin_totp(chen, now=clock.now()).secret
        assert "<svg" in page
        assert "style=" not in page
        assert " ".join(re.findall(".{4}", secret)) in page
        code = app_code(secret)
        assert client.post("/signin/totp/", {"code": code})["Location"] == "/workbench/"
        assert "已绑定" in client.get("/account/").content.decode()

    def test_asks_for_a_password_of_ones_own_before_anything_else(self, client):
        hire("chen.wei", must_change=True)
        assert sign_in_official(client)["Location"] == "/signin/password/"
        assert client.get("/account/").status_code == 302
        for new, again in (("short", "short"), ("Banyan-tree-77", "Banyan-tree-78"), (PASSWORD, PASSWORD)):
            assert client.post("/signin/password/", {"new": new, "again": again}).status_code == 422
        answer = client.post("/signin/password/", {"new": "Banyan-tree-77", "again": "Banyan-tree-77"})
        assert answer["Location"] == "/workbench/"
        assert client.get("/account/").status_code == 200

    def test_does_not_let_the_code_be_skipped(self, client):
        hire("chen.wei", must_change=True)
        give_password(client)
        answer = client.post("/signin/password/", {"new": "Banyan-tree-77", "again": "Banyan-tree-77"})
        assert answer["Location"] == "/signin/official/"


def app_code(secret):
    """What an authenticator app shows: RFC 6238, written here a second time."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.digest(key, struct.pack(">Q", int(clock.now().timestamp()) // 30), "sha1")
    value = struct.unpack(">I", mac[mac[-1] % 16 : mac[-1] % 16 + 4])[0] % 2**31
    return f"{value % 1_000_000:06d}"
