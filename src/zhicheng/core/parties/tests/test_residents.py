import json
import re
import threading
from datetime import timedelta

import pytest
from django.db import connection

from zhicheng.core.parties.errors import (
    AccountDisabled,
    CodeNotSent,
    CodeTooSoon,
    CodeWrong,
    InvalidIdentifier,
    TooManyAttempts,
    TooManyCodes,
)
from zhicheng.core.parties.models import Account, Party, SmsCode
from zhicheng.core.parties.public import get_profile, request_sms_code, set_active, sign_in_resident
from zhicheng.core.parties.tests.conftest import NOW, SYSTEM

PHONE = "13812341234"


def ask(phone=PHONE, at=NOW, address="10.0.0.1"):
    request_sms_code(phone, address=address, now=at)


def last_code(settings, phone=PHONE):
    lines = (settings.OUTBOUND_ROOT / "sms.jsonl").read_text().splitlines()
    texts = [json.loads(line)["text"] for line in lines if json.loads(line)["to"] == phone]
    return re.search(r"[0-9]{6}", texts[-1])[0]


def other_than(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.django_db
class TestRequestSmsCode:
    def test_writes_the_message_in_the_agreed_form(self, settings):
        ask()
        message = json.loads((settings.OUTBOUND_ROOT / "sms.jsonl").read_text())
        assert set(message) == {"at", "to", "text"}
        assert message["to"] == PHONE

    def test_keeps_neither_code_nor_number(self, settings):
        ask()
        with connection.cursor() as cursor:
            cursor.execute("SELECT row(c.*)::text FROM parties_smscode c")
            text = cursor.fetchone()[0]
        assert last_code(settings) not in text
        assert PHONE not in text

    def test_waits_a_minute_before_the_next(self):
        ask()
        with pytest.raises(CodeTooSoon, match="30 秒"):
            ask(at=NOW + timedelta(seconds=30))
        ask(at=NOW + timedelta(seconds=60))

    def test_sends_ten_a_day(self):
        for n in range(10):
            ask(at=NOW + timedelta(minutes=2 * n))
        with pytest.raises(TooManyCodes):
            ask(at=NOW + timedelta(minutes=30))
        ask(at=NOW + timedelta(days=1))

    def test_limits_one_network_address(self):
        for n in range(60):
            ask(f"1380013{n:04d}")
        with pytest.raises(TooManyAttempts):
            ask("13900139000")
        ask("13900139000", address="10.0.0.2")

    def test_refuses_a_number_that_is_none(self):
        with pytest.raises(InvalidIdentifier):
            ask("0755-88123456")

    def test_says_when_the_provider_fails(self, settings, tmp_path):
        (tmp_path / "blocked").write_text("")
        settings.OUTBOUND_ROOT = tmp_path / "blocked"
        with pytest.raises(CodeNotSent):
            ask()


@pytest.mark.django_db
class TestSignInResident:
    def test_makes_account_and_person_at_the_first_time(self, settings):
        ask()
        account = sign_in_resident(PHONE, last_code(settings), now=NOW)
        assert account.kind == "resident"
        assert get_profile(account.id).phone == "138****1234"

    def test_finds_the_same_account_later(self, settings):
        ask()
        first = sign_in_resident(PHONE, last_code(settings), now=NOW)
        later = NOW + timedelta(hours=1)
        ask("+86 138 1234 1234", at=later)
        assert sign_in_resident(PHONE, last_code(settings), now=later) == first
        assert (Account.objects.count(), Party.objects.count()) == (1, 1)

    def test_takes_a_code_once(self, settings):
        ask()
        code = last_code(settings)
        sign_in_resident(PHONE, code, now=NOW)
        with pytest.raises(CodeWrong):
            sign_in_resident(PHONE, code, now=NOW)

    def test_refuses_a_code_after_five_minutes(self, settings):
        ask()
        with pytest.raises(CodeWrong):
            sign_in_resident(PHONE, last_code(settings), now=NOW + timedelta(minutes=5))

    def test_refuses_the_code_of_another_number(self, settings):
        ask()
        ask("13900139000")
        with pytest.raises(CodeWrong):
            sign_in_resident("13900139000", last_code(settings), now=NOW)

    def test_takes_only_the_newest_code(self, settings):
        ask()
        old = last_code(settings)
        ask(at=NOW + timedelta(minutes=1))
        if last_code(settings) != old:
            with pytest.raises(CodeWrong):
                sign_in_resident(PHONE, old, now=NOW + timedelta(minutes=1))

    def test_stops_guessing_after_five_attempts(self, settings):
        ask()
        code = last_code(settings)
        for _ in range(5):
            with pytest.raises(CodeWrong):
                sign_in_resident(PHONE, other_than(code), now=NOW)
        with pytest.raises(CodeWrong):
            sign_in_resident(PHONE, code, now=NOW)
        assert SmsCode.objects.get().attempts == 5

    def test_answers_alike_for_unknown_numbers(self):
        with pytest.raises(CodeWrong):
            sign_in_resident("13900139000", "123456", now=NOW)

    def test_refuses_a_disabled_account(self, settings):
        ask()
        account = sign_in_resident(PHONE, last_code(settings), now=NOW)
        set_active(account.id, active=False, actor=SYSTEM, now=NOW, reason="冒用")
        later = NOW + timedelta(hours=1)
        ask(at=later)
        with pytest.raises(AccountDisabled):
            sign_in_resident(PHONE, last_code(settings), now=later)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def run_all(self, tasks):
        outcomes = []

        def attempt(task):
            try:
                outcomes.append(task())
            except (CodeWrong, CodeTooSoon) as error:
                outcomes.append(type(error))
            finally:
                connection.close()

        threads = [threading.Thread(target=attempt, args=(task,)) for task in tasks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    def test_two_first_sign_ins_make_one_account(self, settings, monkeypatch):
        ask()
        code = last_code(settings)
        monkeypatch.setattr("zhicheng.core.parties.operations.residents._use_code", lambda *_: None)
        outcomes = self.run_all([lambda: sign_in_resident(PHONE, code, now=NOW).id] * 6)
        assert len(outcomes) == 6
        assert len(set(outcomes)) == 1
        assert (Account.objects.count(), Party.objects.count()) == (1, 1)

    def test_one_code_signs_in_once(self, settings):
        ask()
        code = last_code(settings)
        outcomes = self.run_all([lambda: sign_in_resident(PHONE, code, now=NOW).id] * 5)
        assert sorted(outcome is CodeWrong for outcome in outcomes) == [False, True, True, True, True]

    def test_guesses_at_one_moment_are_five_at_most(self, settings):
        ask()
        wrong = other_than(last_code(settings))
        self.run_all([lambda: sign_in_resident(PHONE, wrong, now=NOW)] * 12)
        assert SmsCode.objects.get().attempts == 5

    def test_requests_at_one_moment_send_one_code(self):
        outcomes = self.run_all([ask] * 6)
        assert sorted(outcome is CodeTooSoon for outcome in outcomes) == [False, True, True, True, True, True]
        assert SmsCode.objects.count() == 1
