from datetime import UTC, datetime, timedelta

import pytest

from zhicheng.core.parties.policy.duties import delegation_fault, granting_fault, separation_fault
from zhicheng.core.parties.policy.signin import password_fault, seconds_until_next_code
from zhicheng.core.parties.values import Actor, ActorKind, Grant, Unit, UnitTree, system_actor

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TREE = UnitTree(
    [
        Unit("SZ", "深圳市", "government", None, "440300", "government"),
        Unit("FT", "福田区", "government", "SZ", "440304", "government"),
        Unit("LH", "罗湖区", "government", "SZ", "440303", "government"),
    ]
)
ADMIN = Grant("system_admin", "FT", frozenset({"accounts.manage"}), subtree=True)
SECURITY = Grant("security_admin", "SZ", frozenset({"security.manage"}), subtree=True)
HANDLER = Grant("handler", "FT", frozenset({"cases.handle"}))
AUDITOR = Grant("auditor", "SZ", frozenset({"ledger.audit"}))


def official(*grants):
    return Actor(ActorKind.OFFICIAL, grants=grants)


def fault(actor, grant, *, to_self=False, held=()):
    return granting_fault(actor, grant, to_self=to_self, held=held, tree=TREE)


class TestGranting:
    def test_lets_the_system_administrator_give_ordinary_roles_below(self):
        assert fault(official(ADMIN), HANDLER) == ""

    def test_stops_at_the_administrators_own_subtree(self):
        assert "这个单位" in fault(official(ADMIN), Grant("handler", "LH", HANDLER.permissions))

    def test_leaves_administrators_roles_to_the_security_administrator(self):
        city_admin = Grant("system_admin", "SZ", frozenset({"accounts.manage"}), subtree=True)
        assert fault(official(city_admin), AUDITOR)
        assert fault(official(SECURITY), AUDITOR) == ""

    def test_refuses_granting_to_oneself(self):
        assert "自己" in fault(official(SECURITY), HANDLER, to_self=True)

    def test_refuses_an_official_without_the_right(self):
        assert fault(official(HANDLER), HANDLER)

    @pytest.mark.parametrize("actor", [official(SECURITY), system_actor("install")])
    @pytest.mark.parametrize("held", [{"accounts.manage"}, {"security.manage"}])
    def test_never_unites_two_administrators(self, actor, held):
        assert "不能兼任" in fault(actor, AUDITOR, held=held)

    def test_lets_an_administrator_hold_the_same_duty_twice(self):
        assert separation_fault({"ledger.audit"}, {"ledger.audit"}) == ""
        assert separation_fault({"ledger.audit"}, {"cases.handle"}) == ""


class TestDelegation:
    @pytest.mark.parametrize(
        ("grant", "days", "to_self", "words"),
        [
            (AUDITOR, 5, False, "管理员角色"),
            (HANDLER, 5, True, "自己"),
            (HANDLER, 0, False, "结束时间"),
            (HANDLER, 91, False, "最长"),
            (HANDLER, 90, False, ""),
        ],
    )
    def test_has_its_limits(self, grant, days, to_self, words):
        end = NOW + timedelta(days=days)
        found = delegation_fault(grant, starts_at=NOW, ends_at=end, to_self=to_self, now=NOW)
        assert words in found
        assert bool(found) == bool(words)


class TestPasswordFault:
    @pytest.mark.parametrize(
        ("password", "words"),
        [
            ("Short-1a", "至少 10"),
            ("Chen.Wei-2026", "登录名"),
            ("onlyletters", "三种"),
            ("Aa1aaaaaaaaa", "重复"),
            ("P@ssw0rd123", "常见的词"),
            ("Shenzhen@2026", "常见的词"),
            ("Lychee-park-42", ""),
        ],
    )
    def test_says_what_is_wrong(self, password, words):
        found = password_fault(password, login="chen.wei")
        assert words in found
        assert bool(found) == bool(words)


def test_the_next_code_may_be_sent_after_a_minute():
    assert seconds_until_next_code(None, NOW) == 0
    assert seconds_until_next_code(NOW, NOW + timedelta(seconds=12.5)) == 48
    assert seconds_until_next_code(NOW, NOW + timedelta(seconds=60)) == 0


class TestReach:
    def test_takes_in_what_lies_below_where_the_role_says_so(self):
        assert TREE.reach([Grant("leader", "SZ", frozenset(), subtree=True)]) == {"SZ", "FT", "LH"}
        assert TREE.reach([Grant("handler", "SZ", frozenset()), HANDLER]) == {"SZ", "FT"}

    def test_leaves_a_unit_that_the_pack_no_longer_has_to_itself(self):
        assert TREE.reach([Grant("leader", "GONE", frozenset(), subtree=True)]) == {"GONE"}
