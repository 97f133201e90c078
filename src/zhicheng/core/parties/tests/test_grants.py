from datetime import date, timedelta
from uuid import UUID

import pytest

from zhicheng.core.ledger.public import list_entries
from zhicheng.core.parties.errors import AccountNotFound, GrantNotFound, GrantRefused
from zhicheng.core.parties.models import RoleGrant
from zhicheng.core.parties.operations.units import install_roles, install_units
from zhicheng.core.parties.public import (
    delegate_role,
    end_delegation,
    forget_unit_tree,
    grant_role,
    list_given_delegations,
    list_held_grants,
    list_holders,
    revoke_grant,
    set_active,
)
from zhicheng.core.parties.tests.conftest import NOW, ROLES, SYSTEM, actor, hire, unit
from zhicheng.core.parties.values import NewDelegation, NewGrant

WEEK = timedelta(days=7)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city(city):
    """Every test here needs the city."""


def grant_of(account_id) -> UUID:
    return RoleGrant.objects.get(account_id=account_id, source__isnull=True).id


class TestGrantRole:
    def test_keeps_the_three_administrators_apart(self):
        qian = actor(hire("qian.security", ("security_admin", "SZ")))
        sun = hire("sun.admin", ("system_admin", "SZ"))
        for role in ("auditor", "security_admin"):
            with pytest.raises(GrantRefused, match="不能兼任"):
                grant_role(sun, NewGrant(role, "SZ"), actor=qian, now=NOW)
        with pytest.raises(GrantRefused, match="自己"):
            grant_role(sun, NewGrant("handler", "SZ"), actor=actor(sun), now=NOW)
        with pytest.raises(GrantRefused):
            grant_role(hire("zhao.new"), NewGrant("auditor", "SZ"), actor=actor(sun), now=NOW)

    def test_counts_duties_that_begin_later(self):
        sun = hire("sun.admin")
        grant_role(sun, NewGrant("system_admin", "SZ", starts_at=NOW + WEEK), actor=SYSTEM, now=NOW)
        with pytest.raises(GrantRefused, match="不能兼任"):
            grant_role(sun, NewGrant("auditor", "SZ"), actor=SYSTEM, now=NOW)

    @pytest.mark.parametrize("grant", [NewGrant("mayor", "SZ"), NewGrant("handler", "MARS")])
    def test_refuses_unknown_roles_and_units(self, grant):
        with pytest.raises(GrantRefused):
            grant_role(hire("chen.wei"), grant, actor=SYSTEM, now=NOW)

    def test_holds_within_its_time_only(self):
        chen = hire("chen.wei")
        grant = NewGrant("handler", "FT", starts_at=NOW + WEEK, ends_at=NOW + 2 * WEEK)
        grant_role(chen, grant, actor=SYSTEM, now=NOW)
        assert [len(actor(chen, NOW + n * WEEK).grants) for n in range(3)] == [0, 1, 0]

    def test_is_written_down(self):
        chen = hire("chen.wei", ("handler", "FT"))
        entry = next(one.entry for one in list_entries(limit=20).entries if one.entry.action == "role.granted")
        assert entry.subject == f"account:{chen}"
        assert entry.data["role"] == "handler"

    def test_ends_when_revoked(self):
        chen = hire("chen.wei", ("handler", "FT"))
        revoke_grant(grant_of(chen), actor=SYSTEM, now=NOW, reason="调岗")
        assert actor(chen).grants == ()
        with pytest.raises(GrantNotFound):
            revoke_grant(RoleGrant.objects.get().id, actor=SYSTEM, now=NOW)


class TestActorFor:
    def test_takes_two_queries_at_most(self, django_assert_max_num_queries):
        chen = hire("chen.wei", ("handler", "FT"), ("leader", "SZ"))
        actor(chen)
        with django_assert_max_num_queries(2):
            assert len(actor(chen).grants) == 2

    def test_follows_a_unit_to_its_successor(self):
        chen = hire("chen.wei", ("handler", "FT-HOUSING"))
        ended = unit("FT-HOUSING", "FT", ended_date=date(2026, 3, 1), successor="FT")
        install_units([unit("SZ"), unit("FT", "SZ"), unit("LH", "SZ"), ended], now=NOW + WEEK)
        forget_unit_tree()
        assert [(grant.role, grant.unit) for grant in actor(chen).grants] == [("handler", "FT")]

    def test_loses_a_role_that_the_pack_ended(self):
        chen = hire("chen.wei", ("handler", "FT"), ("leader", "SZ"))
        install_roles([role for role in ROLES if role.code != "leader"], now=NOW)
        assert [grant.role for grant in actor(chen).grants] == ["handler"]

    def test_lists_who_to_tell_at_a_unit(self):
        chen, gone = hire("chen.wei", ("handler", "FT")), hire("liu.gone", ("handler", "FT"))
        hire("li.na", ("handler", "LH"))
        set_active(gone, active=False, actor=SYSTEM, now=NOW, reason="")
        assert list_holders("cases.handle", "FT", now=NOW) == [chen]


class TestDelegateRole:
    def delegate(self, account, to, *, days=7, grant=None):
        wanted = NewDelegation(grant or grant_of(account), to, NOW, NOW + timedelta(days=days))
        return delegate_role(wanted, actor=actor(account), now=NOW)

    def test_lends_the_role_until_its_end(self):
        chen, li = hire("chen.wei", ("handler", "FT")), hire("li.na")
        self.delegate(chen, "li.na")
        assert actor(li).permissions == actor(chen).permissions
        assert actor(li, NOW + WEEK).grants == ()
        assert [one.account_name for one in list_given_delegations(chen, now=NOW)] == ["li.na"]
        assert [one.delegated_by for one in list_held_grants(li, now=NOW)] == ["chen.wei"]

    @pytest.mark.parametrize("end", ["revoke", "disable", "take back"])
    def test_ends_with_its_source(self, end):
        chen, li = hire("chen.wei", ("handler", "FT")), hire("li.na")
        lent = self.delegate(chen, "li.na")
        if end == "revoke":
            revoke_grant(grant_of(chen), actor=SYSTEM, now=NOW)
        elif end == "disable":
            set_active(chen, active=False, actor=SYSTEM, now=NOW, reason="停职")
        else:
            end_delegation(lent, actor=actor(chen), now=NOW)
        assert actor(li).grants == ()

    def test_is_for_own_roles_only_and_not_handed_on(self):
        chen, li = hire("chen.wei", ("handler", "FT")), hire("li.na")
        hire("wu.min")
        with pytest.raises(GrantNotFound):
            self.delegate(li, "wu.min", grant=grant_of(chen))
        lent = self.delegate(chen, "li.na")
        with pytest.raises(GrantNotFound):
            self.delegate(li, "wu.min", grant=lent)

    def test_refuses_administrators_oneself_and_strangers(self):
        chen, qian = hire("chen.wei", ("handler", "FT")), hire("qian.security", ("security_admin", "SZ"))
        with pytest.raises(GrantRefused, match="管理员角色"):
            self.delegate(qian, "chen.wei")
        with pytest.raises(GrantRefused, match="自己"):
            self.delegate(chen, "chen.wei")
        with pytest.raises(AccountNotFound):
            self.delegate(chen, "nobody")

    def test_is_taken_back_by_the_giver_only(self):
        chen, li = hire("chen.wei", ("handler", "FT")), hire("li.na")
        lent = self.delegate(chen, "li.na")
        for other in (actor(li), SYSTEM):
            with pytest.raises(GrantNotFound):
                end_delegation(lent, actor=other, now=NOW)
