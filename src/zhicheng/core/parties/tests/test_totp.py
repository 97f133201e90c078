from datetime import UTC, datetime, timedelta

import pytest

from zhicheng.core.parties.policy.totp import base32, enrolment_uri, hotp, matching_step, step_at

SECRET = b"12345678901234567890"
HOTP_CODES = [
    "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
]  # fmt: skip


class TestHotp:
    @pytest.mark.parametrize(
        ("counter", "code"),
        list(enumerate(HOTP_CODES)),
    )
    def test_gives_the_values_of_rfc_4226_appendix_d(self, counter, code):
        assert hotp(SECRET, counter) == code

    @pytest.mark.parametrize(
        ("seconds", "code"),
        [
            (59, "94287082"),
            (1111111109, "07081804"),
            (1111111111, "14050471"),
            (1234567890, "89005924"),
            (2000000000, "69279037"),
            (20000000000, "65353130"),
        ],
    )
    def test_gives_the_values_of_rfc_6238_appendix_b(self, seconds, code):
        assert hotp(SECRET, step_at(datetime.fromtimestamp(seconds, UTC)), digits=8) == code


class TestMatchingStep:
    now = datetime(2026, 3, 2, 8, 0, 5, tzinfo=UTC)

    @pytest.mark.parametrize("minutes_off", [-0.5, 0, 0.5])
    def test_takes_the_neighbouring_steps(self, minutes_off):
        code = hotp(SECRET, step_at(self.now + timedelta(minutes=minutes_off)))
        assert matching_step(SECRET, code, self.now, last_step=0)

    @pytest.mark.parametrize("minutes_off", [-1.5, 1.5])
    def test_refuses_steps_further_off(self, minutes_off):
        code = hotp(SECRET, step_at(self.now + timedelta(minutes=minutes_off)))
        assert matching_step(SECRET, code, self.now, last_step=0) is None

    def test_refuses_a_used_step(self):
        step = step_at(self.now)
        assert matching_step(SECRET, hotp(SECRET, step), self.now, last_step=step) is None

    @pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
    def test_refuses_what_is_no_code(self, code):
        assert matching_step(SECRET, code, self.now, last_step=0) is None


def test_enrolment_uri_carries_the_secret():
    assert base32(SECRET) in enrolment_uri(SECRET, login="chen.wei", issuer="智城")
