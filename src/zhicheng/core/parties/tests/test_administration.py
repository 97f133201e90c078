from datetime import timedelta

import pytest

from zhicheng.core.parties.errors import AccountNotFound, ManagingRefused
from zhicheng.core.parties.models import Account
from zhicheng.core.parties.policy.signin import password_fault
from zhicheng.core.parties.public import (
    create_service,
    draw_password,
    get_account,
    grant_role,
    issue_api_key,
    list_accounts,
    list_grantable_roles,
    list_revocable,
    managing_faults,
    reset_official,
    revoke_api_key,
    set_active,
)
from zhicheng.core.parties.tests.conftest import NOW, PASSWORD, SYSTEM, actor, hire
from zhicheng.core.parties.values import AccountFilter, NewGrant
from zhicheng.kit.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city(city):
    """Every test here needs the city."""


def logins(after: str = "", limit: int = 25, **wanted: str) -> list[str]:
    page = list_accounts(AccountFilter(**wanted), now=NOW, after=after, limit=limit)
    return [account.login for account in page.accounts]


def add_resident() -> Account:
    return Account.objects.create(id=uuid7(NOW), login="phone:abc", kind="resident", display_name="李*", created_at=NOW)


class TestListAccounts:
    def test_leaves_residents_out(self):
        resident = add_resident()
        hire("chen.wei")
        assert logins() == ["chen.wei"]
        assert logins(words="李") == []
        with pytest.raises(AccountNotFound):
            get_account(resident.id, now=NOW)

    def test_turns_pages_by_login_name(self):
        for name in ("wu.min", "chen.wei", "li.na"):
            hire(name)
        page = list_accounts(AccountFilter(), now=NOW, limit=2)
        assert (page.after, logins(page.after)) == ("li.na", ["wu.min"])
        assert list_accounts(AccountFilter(), now=NOW, limit=3).after == ""

    def test_finds_by_the_unit_of_a_lasting_grant_only(self):
        chen, li = hire("chen.wei"), hire("li.na")
        grant_role(chen, NewGrant("handler", "FT", ends_at=NOW + timedelta(days=1)), actor=SYSTEM, now=NOW)
        grant_role(li, NewGrant("handler", "LH"), actor=SYSTEM, now=NOW)
        assert logins(words="单位FT") == ["chen.wei"]
        later = list_accounts(AccountFilter("单位FT"), now=NOW + timedelta(days=2))
        assert later.accounts == ()

    def test_tells_locked_from_disabled(self):
        locked, disabled = hire("chen.wei", ("handler", "FT")), hire("li.na", ("handler", "FT"))
        hire("wu.min", ("handler", "FT"))
        Account.objects.filter(id=locked).update(locked_until=NOW + timedelta(minutes=5))
        set_active(disabled, active=False, actor=SYSTEM, now=NOW, reason="调离")
        states = {state: logins(state=state) for state in ("locked", "disabled", "active", "no_role")}
        assert states == {"locked": ["chen.wei"], "disabled": ["li.na"], "active": ["wu.min"], "no_role": []}

    def test_asks_two_questions_however_many_accounts(self, django_assert_num_queries):
        for number in range(6):
            hire(f"chen{number}", ("handler", "FT"), ("leader", "FT"))
        with django_assert_num_queries(2):
            page = list_accounts(AccountFilter(words="chen"), now=NOW)
        assert [len(account.grants) for account in page.accounts] == [2] * 6


class TestManagingFaults:
    def test_depend_on_who_asks_and_about_whom(self):
        sun, qian = actor(hire("sun.admin", ("system_admin", "SZ"))), actor(hire("qian.sec", ("security_admin", "SZ")))
        zhao, chen = hire("zhao.audit", ("auditor", "SZ")), hire("chen.wei", ("handler", "FT"))
        allowed = {
            (who.name, login): {act for act, fault in managing_faults(who, whom, now=NOW).items() if not fault}
            for who in (sun, qian)
            for login, whom in (("chen", chen), ("zhao", zhao), ("self", who.account_id))
        }
        assert allowed == {
            ("sun.admin", "chen"): {"switch", "reset", "keys"},
            ("sun.admin", "zhao"): set(),
            ("sun.admin", "self"): set(),
            ("qian.sec", "chen"): {"unlock"},
            ("qian.sec", "zhao"): {"switch", "reset", "keys", "unlock"},
            ("qian.sec", "self"): set(),
        }

    def test_end_where_the_own_units_end(self):
        he = actor(hire("he.jun", ("system_admin", "FT")))
        inside, outside = hire("chen.wei", ("handler", "FT-HOUSING")), hire("li.na", ("handler", "LH"))
        reset_official(inside, PASSWORD, actor=he, now=NOW)
        with pytest.raises(ManagingRefused, match="管理范围以外"):
            reset_official(outside, PASSWORD, actor=he, now=NOW)

    def test_count_an_administrators_role_that_begins_later(self):
        sun, wu = actor(hire("sun.admin", ("system_admin", "SZ"))), hire("wu.min")
        grant_role(wu, NewGrant("auditor", "SZ", starts_at=NOW + timedelta(days=9)), actor=SYSTEM, now=NOW)
        with pytest.raises(ManagingRefused, match="安全保密管理员"):
            reset_official(wu, PASSWORD, actor=sun, now=NOW)

    def test_hold_for_keys_when_they_are_revoked(self):
        he = actor(hire("he.jun", ("system_admin", "FT")))
        service = create_service("water.desk", "供水", (NewGrant("handler", "LH"),), actor=SYSTEM, now=NOW)
        prefix = issue_api_key(service, "生产", actor=SYSTEM, now=NOW).split("_")[1]
        with pytest.raises(ManagingRefused):
            revoke_api_key(prefix, actor=he, now=NOW)


class TestGrantableRoles:
    def test_are_all_for_the_security_administrator_and_ordinary_ones_for_the_system_administrator(self):
        sun, qian = actor(hire("sun.admin", ("system_admin", "SZ"))), actor(hire("qian.sec", ("security_admin", "SZ")))
        chen = actor(hire("chen.wei", ("handler", "FT")))
        found = [[role.code for role in list_grantable_roles(who)] for who in (sun, qian, chen)]
        assert found == [
            ["handler", "leader"],
            ["auditor", "handler", "leader", "security_admin", "system_admin"],
            [],
        ]

    def test_may_be_taken_back_by_whom_they_may_be_given_by(self):
        sun, zhao = actor(hire("sun.admin", ("system_admin", "SZ"))), hire("zhao.audit", ("auditor", "SZ"))
        chen = hire("chen.wei", ("handler", "FT"))
        assert list_revocable(sun, zhao, now=NOW) == frozenset()
        assert list_revocable(sun, chen, now=NOW) == {grant.id for grant in get_account(chen, now=NOW).grants}


class TestDrawPassword:
    def test_is_another_one_each_time_and_never_weak(self):
        drawn = {draw_password("chen.wei") for _ in range(50)}
        assert len(drawn) == 50
        assert {password_fault(password, login="chen.wei") for password in drawn} == {""}
