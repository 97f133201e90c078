"""/workbench/accounts/ and /workbench/accounts/new/: the list, and making accounts."""

import pytest
from django.test import Client

from zhicheng.core.ledger.public import list_entries
from zhicheng.core.parties.public import check_official_password, find_account, get_account, set_active
from zhicheng.kit.clock import now
from zhicheng.web.workbench.tests.conftest import SYSTEM, connect, hire, secret_of, send, signed_in

LIST, NEW = "/workbench/accounts/", "/workbench/accounts/new/"
LI = {"kind": "official", "login": "li.na", "display_name": "李娜"}


def names(page: str) -> list[str]:
    return [name for name in ("陈伟", "李娜", "孙磊", "供水客服系统") if f">{name}</a>" in page]


class TestList:
    def test_sends_strangers_to_sign_in(self, client):
        assert client.get(LIST)["Location"].startswith("/signin/official/")

    @pytest.mark.parametrize("role", ["handler", "auditor", "leader", "dispatcher"])
    def test_is_closed_to_everybody_but_two_administrators(self, role):
        hire("chen.wei", role=role)
        assert signed_in("chen.wei").get(LIST).status_code == 403

    def test_shows_officials_and_services_with_role_unit_and_state(self, sun):
        hire("chen.wei", role="handler", unit="YX-WORKS")
        hire("li.na", "李娜")
        connect()
        page = sun.get(LIST).content.decode()
        assert names(page) == ["陈伟", "李娜", "孙磊", "供水客服系统"]
        assert "承办人" in page
        assert "镇管理中心" in page
        assert "未授权" in page

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"q": "李"}, ["李娜"]),
            ({"q": "chen."}, ["陈伟"]),
            ({"q": "管理服务中心"}, ["陈伟"]),
            ({"state": "active"}, ["陈伟", "孙磊"]),
            ({"state": "no_role"}, ["供水客服系统"]),
            ({"state": "disabled"}, ["李娜"]),
            ({"kind": "service"}, ["供水客服系统"]),
            ({"q": "%"}, []),
            ({"state": "nonsense", "q": "\u200b' OR 1=1"}, []),
        ],
    )
    def test_is_narrowed_by_words_state_and_kind(self, sun, query, expected):
        hire("chen.wei", role="handler", unit="YX-WORKS")
        set_active(hire("li.na", "李娜"), active=False, actor=SYSTEM, now=now(), reason="调离")
        connect()
        assert names(sun.get(LIST, query).content.decode()) == expected

    def test_turns_pages_by_key(self, sun, monkeypatch):
        monkeypatch.setattr("zhicheng.web.workbench.accounts._PAGE", 2)
        for number in range(3):
            hire(f"aa{number}", f"甲{number}")
        first = sun.get(LIST, {"kind": "official"}).content.decode()
        assert "?q=&amp;state=&amp;kind=official&amp;after=aa1" in first
        second = sun.get(LIST, {"kind": "official", "after": "aa1"}).content.decode()
        assert "甲2" in second
        assert "甲1" not in second
        assert "after=sun" not in second

    def test_offers_a_new_account_to_the_system_administrator_only(self, sun, qian):
        assert NEW in sun.get(LIST).content.decode()
        assert NEW not in qian.get(LIST).content.decode()


class TestNewAccount:
    @pytest.mark.parametrize("role", ["security_admin", "auditor", "handler"])
    def test_is_for_the_system_administrator_alone(self, role):
        hire("chen.wei", role=role)
        client = signed_in("chen.wei")
        assert client.get(NEW).status_code == 403
        assert send(client, NEW, **LI).status_code == 403
        assert find_account("li.na") is None

    def test_shows_the_first_password_once_and_it_must_be_changed(self, sun):
        answer = send(sun, NEW, **LI)
        page = sun.get(answer["Location"])
        password = secret_of(page.content.decode())
        assert "no-store" in page["Cache-Control"]
        assert check_official_password("li.na", password, address="10.0.0.1", now=now()).must_change_password
        assert secret_of(sun.get(answer["Location"]).content.decode()) == ""
        assert password not in str(list_entries(limit=50))

    def test_makes_one_account_of_two_clicks_and_still_shows_the_password(self, sun):
        answers = [send(sun, NEW, "same-key", **LI) for _ in range(2)]
        assert answers[0]["Location"] == answers[1]["Location"]
        password = secret_of(sun.get(answers[1]["Location"]).content.decode())
        assert check_official_password("li.na", password, address="10.0.0.1", now=now())
        acts = [one.entry.action for one in list_entries(subject=f"account:{find_account('li.na')}").entries]
        assert acts.count("account.created") == 1

    def test_makes_a_service_without_a_password(self, sun):
        answer = send(sun, NEW, kind="service", login="water.desk", display_name="供水客服系统")
        page = sun.get(answer["Location"]).content.decode()
        assert secret_of(page) == ""
        assert "接口密钥" in page

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"login": "sun.admin"}, "已被使用"),
            ({"login": "李娜"}, "登录名为 3 到 40 个字符"),
            ({"login": "phone:123"}, "登录名为 3 到 40 个字符"),
            ({"display_name": "  "}, "请填写姓名"),
            ({"kind": "service", "display_name": ""}, "请填写系统名称"),
            ({"kind": "resident"}, "请选择账号类型"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, sun, changed, sentence):
        answer = send(sun, NEW, **{**LI, **changed})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert find_account("li.na") is None

    def test_is_refused_without_a_token(self, sun):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = sun.cookies
        assert send(strict, NEW, **LI).status_code == 403
        assert find_account("li.na") is None

    def test_gives_no_role(self, sun):
        send(sun, NEW, **LI)
        account_id = find_account("li.na")
        assert account_id is not None
        assert get_account(account_id, now=now()).grants == ()
