"""/workbench/accounts/<id>/…: what the two administrators may do with one account, from the outside."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from zhicheng.core.ledger.public import list_entries
from zhicheng.core.parties.errors import ApiKeyInvalid, SignInFailed
from zhicheng.core.parties.public import (
    actor_for,
    actor_for_api_key,
    check_official_password,
    get_account,
    list_api_keys,
    list_sessions,
)
from zhicheng.kit.clock import CHINA, now
from zhicheng.web.workbench.tests.conftest import PASSWORD, connect, hire, secret_of, send, sign_in_resident, signed_in


def at(account_id: UUID, act: str = "") -> str:
    return f"/workbench/accounts/{account_id}/{act}"


def acts(account_id: UUID) -> list[str]:
    return [one.entry.action for one in list_entries(subject=f"account:{account_id}").entries]


def active(account_id: UUID) -> bool:
    return get_account(account_id, now=now()).is_active


def roles(account_id: UUID) -> list[str]:
    return [grant.role for grant in get_account(account_id, now=now()).grants]


def lock(login: str) -> None:
    for _ in range(5):
        with pytest.raises(SignInFailed):
            check_official_password(login, "wrong", address="10.0.0.1", now=now())


@pytest.fixture
def chen() -> UUID:
    """Chen, who handles appeals at the works centre."""
    return hire("chen.wei", role="handler", unit="YX-WORKS")


class TestEveryAddress:
    @pytest.mark.parametrize("role", ["handler", "auditor", "leader"])
    def test_is_closed_to_other_officials(self, role, chen):
        hire("wu.min", role=role)
        wu = signed_in("wu.min")
        assert wu.get(at(chen)).status_code == 403
        assert wu.get("/workbench/accounts/units/", {"q": "镇"}).status_code == 403
        for act in ("disable/", "enable/", "unlock/", "reset/", "grant/", "keys/"):
            assert send(wu, at(chen, act)).status_code == 403
        assert set(acts(chen)) == {"role.granted", "account.created"}

    def test_is_closed_to_strangers(self, client, chen):
        assert client.get(at(chen))["Location"].startswith("/signin/official/")
        assert send(client, at(chen, "disable/"), disable_reason="调离").status_code == 302
        assert active(chen)

    def test_knows_no_resident_and_no_unknown_account(self, sun, settings):
        browser = Client()
        sign_in_resident(browser, settings)
        resident = UUID(browser.session["_auth_user_id"])
        for account_id in (resident, uuid4()):
            assert sun.get(at(account_id)).status_code == 404
            assert send(sun, at(account_id, "disable/"), disable_reason="调离").status_code == 404

    def test_is_refused_without_a_token(self, sun, chen):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = sun.cookies
        assert send(strict, at(chen, "reset/")).status_code == 403
        assert "account.reset" not in acts(chen)


class TestAccountPage:
    def test_tells_roles_sessions_and_history(self, sun, chen):
        signed_in("chen.wei")
        page = sun.get(at(chen)).content.decode()
        for words in ("承办人", "镇管理中心", "长期有效", "1 个设备", "授予角色", "登录", "本人"):
            assert words in page

    def test_says_who_does_what_the_reader_may_not(self, sun, chen):
        lock("chen.wei")
        page = sun.get(at(chen)).content.decode()
        assert "已锁定" in page
        assert "解除锁定由安全保密管理员办理。" in page
        assert "unlock/" not in page

    def test_offers_nothing_on_the_own_account(self, sun):
        sun_id = UUID(str(sun.session["_auth_user_id"]))
        page = sun.get(at(sun_id)).content.decode()
        assert "请由另一位管理员办理" in page
        assert "disable/" not in page
        assert "grant/" not in page


class TestSwitch:
    def test_off_ends_the_sessions_and_on_lets_in_again(self, sun, chen):
        browser = signed_in("chen.wei")
        assert send(sun, at(chen, "disable/"), disable_reason="调离岗位").status_code == 302
        assert not active(chen)
        assert browser.get("/workbench/").status_code == 302
        page = sun.get(at(chen)).content.decode()
        assert "调离岗位" in page
        assert send(sun, at(chen, "enable/")).status_code == 302
        assert active(chen)

    def test_off_needs_a_reason(self, sun, chen):
        answer = send(sun, at(chen, "disable/"), disable_reason=" ")
        assert answer.status_code == 422
        assert "请写明停用的原因" in answer.content.decode()
        assert active(chen)

    def test_twice_is_one_act(self, sun, chen):
        for _ in range(2):
            assert send(sun, at(chen, "disable/"), "same-key", disable_reason="调离").status_code == 302
        assert acts(chen).count("account.disabled") == 1

    def test_is_not_the_security_administrators_for_ordinary_accounts(self, qian, chen):
        answer = send(qian, at(chen, "disable/"), disable_reason="调离")
        assert answer.status_code == 403
        assert "停用和启用由系统管理员办理。" in answer.content.decode()
        assert active(chen)

    @pytest.mark.parametrize("role", ["system_admin", "security_admin", "auditor"])
    def test_is_not_the_system_administrators_for_administrators(self, sun, role):
        wu = hire("wu.min", role=role)
        answer = send(sun, at(wu, "disable/"), disable_reason="不听话")
        assert answer.status_code == 403
        assert "这是管理员账号，停用和启用由安全保密管理员办理。" in answer.content.decode()
        assert active(wu)


class TestUnlock:
    def test_is_the_security_administrators(self, sun, qian, chen):
        lock("chen.wei")
        refused = send(sun, at(chen, "unlock/"))
        assert refused.status_code == 403
        assert send(qian, at(chen, "unlock/")).status_code == 302
        assert check_official_password("chen.wei", PASSWORD, address="10.0.0.1", now=now())


class TestReset:
    def test_gives_a_new_password_once_and_asks_for_a_new_authenticator(self, sun, chen):
        signed_in("chen.wei")
        send(sun, at(chen, "reset/"))
        password = secret_of(sun.get(at(chen)).content.decode())
        account = get_account(chen, now=now())
        assert (account.must_change_password, account.has_totp) == (True, False)
        assert list_sessions(chen) == []
        assert check_official_password("chen.wei", password, address="10.0.0.1", now=now())
        assert secret_of(sun.get(at(chen)).content.decode()) == ""

    def test_lets_nobody_become_another_administrator(self, sun, qian):
        auditor = hire("zhao.audit", "赵明", role="auditor")
        assert send(sun, at(auditor, "reset/")).status_code == 403
        assert secret_of(sun.get(at(auditor)).content.decode()) == ""
        assert send(qian, at(auditor, "reset/")).status_code == 302

    def test_is_shown_to_no_other_administrator(self, sun, qian, chen):
        send(sun, at(chen, "reset/"))
        assert secret_of(qian.get(at(chen)).content.decode()) == ""


class TestGrant:
    def test_is_given_by_either_administrator_for_a_time(self, sun, qian, chen):
        today = now().astimezone(CHINA).date()
        days = {"start": str(today + timedelta(days=2)), "end": str(today + timedelta(days=9))}
        assert send(sun, at(chen, "grant/"), role="supervisor", unit="YX", **days).status_code == 302
        assert send(qian, at(chen, "grant/"), role="leader", unit="云溪镇人民政府").status_code == 302
        assert sorted(roles(chen)) == ["handler", "leader", "supervisor"]
        assert "cases.supervise" not in actor_for(chen, now=now()).permissions
        assert "cases.supervise" in actor_for(chen, now=now() + timedelta(days=3)).permissions
        assert "尚未生效" in sun.get(at(chen)).content.decode()

    def test_of_an_administrators_role_is_the_security_administrators(self, sun, qian):
        wu = hire("wu.min")
        refused = send(sun, at(wu, "grant/"), role="auditor", unit="YX")
        assert refused.status_code == 403
        assert "您没有权限办理这个单位的这项授权。" in refused.content.decode()
        assert send(qian, at(wu, "grant/"), role="auditor", unit="YX").status_code == 302
        mixed = send(qian, at(wu, "grant/"), role="system_admin", unit="YX")
        assert "不能兼任" in mixed.content.decode()
        assert roles(wu) == ["auditor"]

    def test_stays_within_the_own_units(self):
        hire("he.jun", "何军", role="system_admin", unit="YX-WATER")
        chen = hire("chen.wei", role="handler", unit="YX-WORKS")
        he = signed_in("he.jun")
        for act, values in (("grant/", {"role": "handler", "unit": "YX"}), ("disable/", {"disable_reason": "调离"})):
            assert send(he, at(chen, act), **values).status_code == 403
        assert active(chen)
        assert roles(chen) == ["handler"]

    @pytest.mark.parametrize(
        "values",
        [
            {"role": "", "unit": "YX"},
            {"role": "handler", "unit": ""},
            {"role": "handler", "unit": "火星"},
            {"role": "handler", "unit": "YX", "start": "昨天"},
            {"role": "handler", "unit": "YX", "end": "2020-01-01"},
        ],
    )
    def test_says_which_field_is_wrong(self, sun, values):
        wu = hire("wu.min")
        assert send(sun, at(wu, "grant/"), **values).status_code == 422
        assert roles(wu) == []

    def test_twice_is_one_grant(self, sun):
        wu = hire("wu.min")
        for _ in range(2):
            send(sun, at(wu, "grant/"), "same-key", role="handler", unit="YX")
        assert roles(wu) == ["handler"]

    def test_never_goes_to_oneself(self, sun):
        sun_id = UUID(str(sun.session["_auth_user_id"]))
        answer = send(sun, at(sun_id, "grant/"), role="handler", unit="YX")
        assert answer.status_code == 403
        assert "不能给自己授予或收回角色" in answer.content.decode()

    def test_suggests_living_units_by_name_or_code(self, sun):
        page = sun.get("/workbench/accounts/units/", {"q": "供水"}).content.decode()
        assert 'data-value="云溪镇供水站"' in page
        assert "YX-WORKS" not in page


class TestRevoke:
    def test_ends_a_grant_that_runs_and_one_still_to_begin(self, sun, chen):
        later = str(now().astimezone(CHINA).date() + timedelta(days=5))
        send(sun, at(chen, "grant/"), role="leader", unit="YX", start=later)
        for grant in get_account(chen, now=now()).grants:
            assert send(sun, at(chen, f"grants/{grant.id}/revoke/")).status_code == 302
        assert roles(chen) == []
        assert acts(chen).count("role.revoked") == 2

    def test_of_an_administrators_role_is_refused_to_the_system_administrator(self, sun):
        wu = hire("wu.min", role="auditor")
        grant = get_account(wu, now=now()).grants[0].id
        assert send(sun, at(wu, f"grants/{grant}/revoke/")).status_code == 403
        assert roles(wu) == ["auditor"]

    def test_needs_the_account_that_holds_it(self, sun, chen):
        grant = get_account(chen, now=now()).grants[0].id
        other = hire("wu.min")
        assert send(sun, at(other, f"grants/{grant}/revoke/")).status_code == 404
        assert roles(chen) == ["handler"]


class TestApiKeys:
    def test_are_shown_once_work_and_end_when_revoked(self, sun):
        desk = connect()
        send(sun, at(desk, "keys/"), key_name="生产环境")
        key = secret_of(sun.get(at(desk)).content.decode())
        assert actor_for_api_key(key, now=now()).account_id == desk
        assert secret_of(sun.get(at(desk)).content.decode()) == ""
        prefix = list_api_keys(desk)[0].prefix
        assert send(sun, at(desk, f"keys/{prefix}/revoke/")).status_code == 302
        with pytest.raises(ApiKeyInvalid):
            actor_for_api_key(key, now=now())
        assert acts(desk)[:2] == ["api_key.revoked", "api_key.issued"]

    def test_two_clicks_make_one_key(self, sun):
        desk = connect()
        for _ in range(2):
            send(sun, at(desk, "keys/"), "same-key", key_name="生产环境")
        assert len(list_api_keys(desk)) == 1

    def test_are_not_the_security_administrators_nor_an_officials(self, sun, qian, chen):
        desk = connect()
        assert send(qian, at(desk, "keys/"), key_name="后门").status_code == 403
        assert send(sun, at(chen, "keys/"), key_name="后门").status_code == 404
        assert list_api_keys(desk) == []

    def test_need_a_name_and_a_day_to_come(self, sun):
        desk = connect()
        assert send(sun, at(desk, "keys/"), key_name=" ").status_code == 422
        assert send(sun, at(desk, "keys/"), key_name="联调", key_end="2020-01-01").status_code == 422
        assert list_api_keys(desk) == []

    def test_are_revoked_only_at_their_own_account(self, sun):
        desk, other = connect(), connect("gas.desk", "燃气客服系统")
        send(sun, at(desk, "keys/"), key_name="生产环境")
        prefix = list_api_keys(desk)[0].prefix
        assert send(sun, at(other, f"keys/{prefix}/revoke/")).status_code == 404
        assert list_api_keys(desk)[0].revoked_at is None
