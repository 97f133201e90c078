"""Signing in of residents: a code to the telephone, then the account, made at the first time."""

import hmac
import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from zhicheng.core.parties.crypto import keyring
from zhicheng.core.parties.errors import AccountDisabled, CodeTooSoon, CodeWrong, TooManyCodes
from zhicheng.core.parties.models import Account, SmsCode
from zhicheng.core.parties.operations.entries import record_by_account
from zhicheng.core.parties.operations.people import create_party
from zhicheng.core.parties.operations.throttle import charge_address
from zhicheng.core.parties.policy import signin
from zhicheng.core.parties.policy.phones import parse_mobile
from zhicheng.core.parties.registry import code_senders
from zhicheng.core.parties.values import PersonalFields
from zhicheng.kit.clock import CHINA
from zhicheng.kit.ids import uuid7

_TEXT = "您的登录验证码是 {code}，五分钟内有效。工作人员不会向您索要验证码，请勿告诉他人。"


def request_sms_code(phone: str, *, address: str, now: datetime) -> None:
    """Send a sign-in code; the answer is the same whether the number is known or not.

    Raises:
        InvalidIdentifier: it is no mobile number.
        CodeTooSoon: the last code is less than a minute old.
        TooManyCodes: ten codes went to this number today.
        TooManyAttempts: this network address asked too often.
        CodeNotSent: the provider refused.
    """
    number = parse_mobile(phone)
    charge_address("code", address, limit=signin.CODES_PER_ADDRESS, now=now)
    code = f"{secrets.randbelow(1_000_000):06d}"
    _store_code(keyring().digest("phone", number), code, now)
    sender = code_senders[getattr(settings, "CODE_SENDER", "file")]
    sender(number, _TEXT.format(code=code), now=now)


def sign_in_resident(phone: str, code: str, *, now: datetime) -> Account:
    """The account of whoever has the code; made, with its person, at the first time.

    Raises:
        InvalidIdentifier: it is no mobile number.
        CodeWrong: the code is wrong, used, expired or tried too often.
        AccountDisabled: the account was switched off.
    """
    number = parse_mobile(phone)
    phone_hash = keyring().digest("phone", number)
    _use_code(phone_hash, code.strip(), now)
    with transaction.atomic():
        _lock(phone_hash)
        login = f"phone:{phone_hash.hex()}"
        account = Account.objects.filter(login=login).first() or _create_resident(login, number, now)
        if not account.is_active:
            raise AccountDisabled()
        record_by_account(account.id, "account.signed_in", now=now, data={"by": "sms"})
    return account


def check_sms_code(phone: str, code: str, *, now: datetime) -> None:
    """Prove a telephone number without signing in; the code is used up.

    Raises:
        InvalidIdentifier: it is no mobile number.
        CodeWrong: the code is wrong, used, expired or tried too often.
    """
    _use_code(keyring().digest("phone", parse_mobile(phone)), code.strip(), now)


def purge_sms_codes(*, before: datetime) -> int:
    """Delete codes made before an instant (a day is enough for the daily limit); how many."""
    return SmsCode.objects.filter(created_at__lt=before).delete()[0]


def _store_code(phone_hash: bytes, code: str, now: datetime) -> None:
    with transaction.atomic():
        _lock(phone_hash)
        today = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        sent = SmsCode.objects.filter(phone_hash=phone_hash, created_at__gte=min(today, now - signin.CODE_INTERVAL))
        times = list(sent.order_by("-created_at").values_list("created_at", flat=True))
        if seconds := signin.seconds_until_next_code(times[0] if times else None, now):
            raise CodeTooSoon(seconds=seconds)
        if sum(at >= today for at in times) >= signin.CODES_A_DAY:
            raise TooManyCodes()
        code_id = uuid7(now)
        SmsCode.objects.create(
            id=code_id,
            phone_hash=phone_hash,
            code_hash=_code_hash(code_id, code),
            created_at=now,
            expires_at=now + signin.CODE_LIFETIME,
        )


def _use_code(phone_hash: bytes, code: str, now: datetime) -> None:
    """Count the attempt, commit it, then compare: tries at the same moment cannot be more than five either."""
    newest = SmsCode.objects.filter(phone_hash=phone_hash).order_by("-created_at").first()
    if newest is None:
        raise CodeWrong()
    open_codes = SmsCode.objects.filter(id=newest.id, used_at__isnull=True, expires_at__gt=now)
    if not open_codes.filter(attempts__lt=signin.CODE_ATTEMPTS).update(attempts=F("attempts") + 1):
        raise CodeWrong()
    if not hmac.compare_digest(bytes(newest.code_hash), _code_hash(newest.id, code)):
        raise CodeWrong()
    if not open_codes.update(used_at=now):
        raise CodeWrong()


def _code_hash(code_id: UUID, code: str) -> bytes:
    return keyring().digest("sms_code", f"{code_id}:{code}")


def _create_resident(login: str, number: str, now: datetime) -> Account:
    party_id = create_party(PersonalFields(phone=number), now=now)
    account = Account(id=uuid7(now), login=login, kind="resident", party_id=party_id, created_at=now)
    account.display_name = "市民"
    account.set_unusable_password()
    account.save(force_insert=True)
    record_by_account(account.id, "account.created", now=now, data={"by": "sms"})
    return account


def _lock(phone_hash: bytes) -> None:
    """One at a time for each number, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(phone_hash[:8], "big", signed=True)])
