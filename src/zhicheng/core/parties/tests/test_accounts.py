from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from zhicheng.core.parties.errors import (
    AccountNotFound,
    ApiKeyInvalid,
    LoginTaken,
    NotPermitted,
    SignInFailed,
    WeakPassword,
)
from zhicheng.core.parties.models import Account, AccountSession, ApiKey
from zhicheng.core.parties.public import (
    actor_for,
    actor_for_api_key,
    change_password,
    check_official_password,
    close_session,
    count_demo_accounts,
    create_official,
    create_service,
    end_sessions,
    issue_api_key,
    list_sessions,
    open_session,
    purge_sessions,
    reset_official,
    revoke_api_key,
    set_active,
    set_first_password,
)
from zhicheng.core.parties.tests.conftest import NOW, PASSWORD, SYSTEM, actor, hire
from zhicheng.core.parties.values import ANONYMOUS, ActorKind, NewGrant, NewOfficial
from zhicheng.kit.errors import FieldErrors

NEW_PASSWORD = "Banyan-tree-77"


def sign_in(password):
    return check_official_password("chen.wei", password, address="10.0.0.1", now=NOW)


@pytest.mark.django_db
class TestCreateOfficial:
    def test_needs_the_permission(self, city):
        chen = actor(hire("chen.wei", ("handler", "FT")))
        with pytest.raises(NotPermitted):
            create_official(NewOfficial("li.na", PASSWORD, "李娜"), actor=chen, now=NOW)

    def test_gives_the_roles_as_well_or_makes_nothing(self, city):
        sun = actor(hire("sun.admin", ("system_admin", "FT")))
        grants = (NewGrant("handler", "FT-HOUSING"),)
        li = create_official(NewOfficial("li.na", PASSWORD, "李娜", grants), actor=sun, now=NOW)
        assert actor(li).permissions == {"cases.handle", "parties.reveal"}
        outside = (NewGrant("handler", "LH"),)
        with pytest.raises(Exception, match="这个单位"):
            create_official(NewOfficial("wu.min", PASSWORD, "吴敏", outside), actor=sun, now=NOW)
        assert not Account.objects.filter(login="wu.min").exists()

    def test_refuses_a_taken_name_a_malformed_name_and_a_weak_password(self, city):
        hire("chen.wei")
        for official, error in (
            (NewOfficial("Chen.Wei ", PASSWORD, "陈伟"), LoginTaken),
            (NewOfficial("陈伟", PASSWORD, "陈伟"), FieldErrors),
            (NewOfficial("li.na", PASSWORD, " "), FieldErrors),
            (NewOfficial("li.na", "short", "李娜"), WeakPassword),
            (NewOfficial("li.na", "P@ssw0rd123", "李娜"), WeakPassword),
        ):
            with pytest.raises(error):
                create_official(official, actor=SYSTEM, now=NOW)

    def test_marks_demo_accounts(self, city):
        hire("chen.wei", demo=True)
        hire("li.na")
        assert count_demo_accounts() == 1


@pytest.mark.django_db
class TestPasswords:
    @pytest.fixture(autouse=True)
    def _chen(self, city):
        self.chen = hire("chen.wei", ("handler", "FT"), demo=True)

    def test_changing_ends_the_other_sessions(self):
        for _ in range(2):
            store = SessionStore()
            store.create()
            open_session(self.chen, store.session_key, device="", now=NOW)
        change_password(self.chen, PASSWORD, NEW_PASSWORD, now=NOW, keep_session=store.session_key)
        assert sign_in(NEW_PASSWORD).id == self.chen
        assert [row.session_key for row in AccountSession.objects.all()] == [store.session_key]

    def test_changing_needs_the_old_one_and_a_new_one(self):
        with pytest.raises(SignInFailed):
            change_password(self.chen, "wrong", NEW_PASSWORD, now=NOW)
        with pytest.raises(WeakPassword):
            change_password(self.chen, PASSWORD, PASSWORD, now=NOW)

    def test_a_reset_asks_for_a_new_password_and_a_new_authenticator(self):
        sun = actor(hire("sun.admin", ("system_admin", "SZ")))
        reset_official(self.chen, NEW_PASSWORD, actor=sun, now=NOW)
        account = sign_in(NEW_PASSWORD)
        assert account.must_change_password
        assert account.totp_confirmed_at is None

    def test_the_first_password_is_replaced_once(self):
        with pytest.raises(AccountNotFound):
            set_first_password(self.chen, NEW_PASSWORD, now=NOW)
        reset_official(self.chen, PASSWORD, actor=SYSTEM, now=NOW)
        with pytest.raises(WeakPassword, match="原密码"):
            set_first_password(self.chen, PASSWORD, now=NOW)
        set_first_password(self.chen, NEW_PASSWORD, now=NOW)
        assert not sign_in(NEW_PASSWORD).must_change_password

    def test_nobody_resets_or_disables_the_own_account(self):
        sun_id = hire("sun.admin", ("system_admin", "SZ"))
        with pytest.raises(NotPermitted):
            reset_official(sun_id, NEW_PASSWORD, actor=actor(sun_id), now=NOW)
        with pytest.raises(NotPermitted):
            set_active(sun_id, active=False, actor=actor(sun_id), now=NOW, reason="")


@pytest.mark.django_db
class TestSessions:
    @pytest.fixture(autouse=True)
    def _chen(self, city):
        self.chen = hire("chen.wei")

    def begin(self, minutes=0):
        store = SessionStore()
        store.create()
        open_session(self.chen, store.session_key, device="Chrome · Windows", now=NOW + timedelta(minutes=minutes))
        return store.session_key

    def test_the_oldest_ends_beyond_the_limit(self, settings):
        settings.SESSIONS_PER_ACCOUNT = 2
        first, second, third = (self.begin(n) for n in range(3))
        assert set(Session.objects.values_list("session_key", flat=True)) == {second, third}
        assert [one.is_present for one in list_sessions(self.chen, present_key=third)] == [True, False]
        assert first not in set(AccountSession.objects.values_list("session_key", flat=True))

    def test_signing_out_everywhere_leaves_none(self):
        self.begin()
        self.begin()
        assert end_sessions(self.chen, now=NOW) == 2
        assert (Session.objects.count(), list_sessions(self.chen)) == (0, [])

    def test_disabling_the_account_ends_them_at_once(self):
        self.begin()
        set_active(self.chen, active=False, actor=SYSTEM, now=NOW, reason="离职")
        assert Session.objects.count() == 0
        assert actor(self.chen) is ANONYMOUS

    def test_purging_keeps_living_sessions(self):
        kept, closed = self.begin(), self.begin()
        close_session(closed, now=NOW)
        AccountSession.objects.create(session_key="gone", account_id=self.chen, started_at=NOW)
        assert purge_sessions(now=NOW) == 1
        assert AccountSession.objects.get().session_key == kept


@pytest.mark.django_db
class TestApiKeys:
    @pytest.fixture(autouse=True)
    def _service(self, city):
        self.service = create_service("hotline", "12345 热线平台", (NewGrant("handler", "FT"),), actor=SYSTEM, now=NOW)

    def issue(self, **rest):
        return issue_api_key(self.service, "生产", actor=SYSTEM, now=NOW, **rest)

    def test_speaks_for_its_service(self, django_assert_num_queries):
        key = self.issue()
        actor_for_api_key(key, now=NOW)
        with django_assert_num_queries(2):
            found = actor_for_api_key(key, now=NOW)
        assert (found.kind, found.account_id) == (ActorKind.SERVICE, self.service)
        assert "cases.handle" in found.permissions

    def test_is_kept_as_a_hash_only(self):
        key = self.issue()
        secret = key.partition("_")[2].partition("_")[2]
        row = ApiKey.objects.get()
        assert secret not in repr(vars(row))
        assert secret.encode() not in bytes(row.secret_hash)

    @pytest.mark.parametrize("spoil", [lambda k: k[:-1], lambda k: "", lambda k: "zk_x_y", lambda k: "x" + k])
    def test_is_refused_when_changed(self, spoil):
        with pytest.raises(ApiKeyInvalid):
            actor_for_api_key(spoil(self.issue()), now=NOW)

    def test_ends_by_time_by_revocation_and_with_its_account(self):
        ends, revoked, kept = self.issue(expires_at=NOW + timedelta(days=1)), self.issue(), self.issue()
        revoke_api_key(revoked.split("_")[1], actor=SYSTEM, now=NOW)
        for key, at in ((ends, NOW + timedelta(days=1)), (revoked, NOW)):
            with pytest.raises(ApiKeyInvalid):
                actor_for_api_key(key, now=at)
        assert actor_for_api_key(kept, now=NOW)
        set_active(self.service, active=False, actor=SYSTEM, now=NOW, reason="停用")
        with pytest.raises(ApiKeyInvalid):
            actor_for_api_key(kept, now=NOW)

    def test_is_for_services_only(self):
        with pytest.raises(AccountNotFound):
            issue_api_key(hire("chen.wei"), "自用", actor=SYSTEM, now=NOW)


@pytest.mark.django_db
def test_an_unknown_account_is_anonymous():
    assert actor_for(None, now=NOW) is ANONYMOUS
