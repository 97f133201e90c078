import threading
from datetime import timedelta

import pytest
from django.db import connection

from zhicheng.core.ledger.public import list_entries
from zhicheng.core.parties.errors import AccountNotFound, SignInFailed, TooManyAttempts
from zhicheng.core.parties.models import Account
from zhicheng.core.parties.policy import totp
from zhicheng.core.parties.public import (
    begin_totp,
    check_official_password,
    check_official_totp,
    confirm_totp,
    present_totp,
    set_active,
    unlock_account,
)
from zhicheng.core.parties.tests.conftest import NOW, PASSWORD, SYSTEM, hire, seed_city

ADDRESS = "10.0.0.1"


def try_password(password=PASSWORD, at=NOW, login="chen.wei", address=ADDRESS):
    return check_official_password(login, password, address=address, now=at)


def fail(times, at=NOW, **rest):
    for _ in range(times):
        with pytest.raises(SignInFailed):
            try_password("wrong", at, **rest)


@pytest.mark.django_db
class TestCheckOfficialPassword:
    @pytest.fixture(autouse=True)
    def _chen(self, city):
        self.chen = hire("chen.wei", ("handler", "FT-HOUSING"), demo=True)

    def test_finds_the_official_however_the_name_is_typed(self):
        assert try_password(login=" Chen.Wei ").id == self.chen

    def test_locks_after_five_failures_for_fifteen_minutes(self):
        fail(5)
        with pytest.raises(SignInFailed):
            try_password()
        with pytest.raises(SignInFailed):
            try_password(at=NOW + timedelta(minutes=14, seconds=59))
        assert try_password(at=NOW + timedelta(minutes=15)).id == self.chen
        assert "account.locked" in {one.entry.action for one in list_entries(limit=20).entries}

    def test_four_failures_do_not_lock(self):
        fail(4)
        assert try_password().id == self.chen

    def test_a_right_password_does_not_forgive_failures(self):
        fail(4)
        try_password()
        fail(1)
        with pytest.raises(SignInFailed):
            try_password()

    def test_counts_anew_after_the_lock(self):
        fail(5)
        later = NOW + timedelta(minutes=16)
        fail(4, at=later)
        assert try_password(at=later).id == self.chen

    def test_answers_alike_for_unknown_disabled_and_locked(self):
        answers = set()
        set_active(hire("liu.gone"), active=False, actor=SYSTEM, now=NOW, reason="调离")
        for login in ("nobody", "liu.gone", "chen.wei"):
            with pytest.raises(SignInFailed) as caught:
                try_password("wrong", login=login)
            answers.add(str(caught.value))
        assert len(answers) == 1

    def test_limits_one_network_address_over_many_names(self):
        for n in range(50):
            with pytest.raises(SignInFailed):
                try_password("wrong", login=f"guess{n}")
        with pytest.raises(TooManyAttempts):
            try_password()
        assert try_password(address="10.0.0.2").id == self.chen
        assert try_password(at=NOW + timedelta(minutes=16)).id == self.chen

    def test_is_unlocked_by_the_security_administrator(self):
        fail(5)
        unlock_account(self.chen, actor=SYSTEM, now=NOW)
        assert try_password().id == self.chen


@pytest.mark.django_db
class TestCheckOfficialTotp:
    @pytest.fixture(autouse=True)
    def _chen(self, city):
        self.chen = hire("chen.wei", ("handler", "FT-HOUSING"), demo=True)

    def code(self, at=NOW):
        return present_totp("chen.wei", now=at)

    def check(self, code, at=NOW):
        return check_official_totp(self.chen, code, address=ADDRESS, now=at)

    def test_takes_the_present_code_and_clears_the_failures(self):
        fail(3)
        self.check(self.code())
        assert Account.objects.get(id=self.chen).failed_count == 0

    def test_refuses_a_replayed_code(self):
        code = self.code()
        self.check(code)
        with pytest.raises(SignInFailed):
            self.check(code)
        self.check(self.code(NOW + timedelta(seconds=30)), NOW + timedelta(seconds=30))

    def test_wrong_codes_lock_the_account(self):
        wrong = f"{(int(self.code()) + 1) % 1_000_000:06d}"
        for _ in range(5):
            with pytest.raises(SignInFailed):
                self.check(wrong)
        with pytest.raises(SignInFailed):
            self.check(self.code())

    def test_password_and_code_failures_count_together(self):
        fail(4)
        try_password()
        with pytest.raises(SignInFailed):
            self.check("000000" if self.code() != "000000" else "000001")
        with pytest.raises(SignInFailed):
            self.check(self.code())

    def test_keeps_the_secret_sealed(self):
        account = Account.objects.get(id=self.chen)
        secret = totp.base32(b"")
        assert secret == ""
        assert len(bytes(account.totp_sealed)) == 5 + 12 + 20 + 16


@pytest.mark.django_db
class TestEnrolment:
    def test_is_needed_before_the_first_sign_in(self, city):
        chen = hire("chen.wei")
        with pytest.raises(SignInFailed):
            check_official_totp(chen, "000000", address=ADDRESS, now=NOW)
        shown = begin_totp(chen, now=NOW)
        assert begin_totp(chen, now=NOW) == shown
        assert shown.secret in shown.uri

    def test_ends_with_a_right_code_and_cannot_be_repeated(self, city):
        chen = hire("chen.wei")
        begin_totp(chen, now=NOW)
        Account.objects.filter(id=chen).update(demo=True)  # so that the test can see the code
        with pytest.raises(SignInFailed):
            confirm_totp(chen, "12345", address=ADDRESS, now=NOW)
        assert confirm_totp(chen, present_totp("chen.wei", now=NOW), address=ADDRESS, now=NOW).id == chen
        with pytest.raises(AccountNotFound):
            begin_totp(chen, now=NOW)

    def test_shows_codes_of_demo_accounts_only(self, city):
        chen = hire("chen.wei")
        begin_totp(chen, now=NOW)
        with pytest.raises(AccountNotFound):
            present_totp("chen.wei", now=NOW)


@pytest.mark.django_db(transaction=True)
def test_guesses_at_one_moment_are_five_at_most(monkeypatch):
    seed_city()
    hire("chen.wei", demo=True)
    compared = []

    def compare(password, _encoded):
        compared.append(password)
        return False

    monkeypatch.setattr("zhicheng.core.parties.operations.officials.check_password", compare)

    def guess():
        try:
            with pytest.raises(SignInFailed):
                try_password("wrong")
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(compared) == 5
