"""Signing in of officials: password, then TOTP; lockout by account and by network address."""

import secrets
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Greatest

from zhicheng.core.parties.crypto import keyring
from zhicheng.core.parties.errors import AccountNotFound, SignInFailed
from zhicheng.core.parties.models import Account
from zhicheng.core.parties.operations.entries import record_by_account
from zhicheng.core.parties.operations.throttle import charge_address, check_address
from zhicheng.core.parties.policy import signin, totp
from zhicheng.core.parties.values import TotpEnrolment

_SECRET_BYTES = 20
_ISSUER = "智城"


def check_official_password(login: str, password: str, *, address: str, now: datetime) -> Account:
    """The first of two steps: the official whose password this is. Nobody is signed in yet.

    Every try is charged before the password is compared, so that tries at one moment are never more than five.

    Raises:
        SignInFailed: login name or password is wrong, or the account is locked or switched off.
        TooManyAttempts: this network address failed too often.
    """
    check_address("sign_in", address, limit=signin.FAILURES_PER_ADDRESS, now=now)
    account = Account.objects.filter(login=login.strip().lower(), kind="official", is_active=True).first()
    if account is None or not _charge(account.id, now):
        make_password(password)  # as slow as a real comparison: the time tells nothing
        _fail(account, address, now)
    elif not check_password(password, account.password):
        _fail(account, address, now)
    else:
        _refund(account.id)
        return account
    raise SignInFailed()


def check_official_totp(account_id: UUID, code: str, *, address: str, now: datetime) -> Account:
    """The second step: the code of the authenticator app. Clears the count of failures.

    Raises:
        SignInFailed: the code is wrong or was used, no app is enrolled, or the account is locked or switched off.
        TooManyAttempts: this network address failed too often.
    """
    check_address("sign_in", address, limit=signin.FAILURES_PER_ADDRESS, now=now)
    account = Account.objects.filter(id=account_id, kind="official", is_active=True).first()
    if account is None or account.totp_confirmed_at is None or not _charge(account_id, now):
        _fail(account, address, now)
        raise SignInFailed()
    if not _use_totp(account, code, now):
        _fail(account, address, now)
        raise SignInFailed()
    with transaction.atomic():
        Account.objects.filter(id=account_id).update(failed_count=0, locked_until=None)
        record_by_account(account_id, "account.signed_in", now=now, data={"by": "password+totp"})
    return account


def begin_totp(account_id: UUID, *, now: datetime) -> TotpEnrolment:
    """The secret for an official who has no authenticator app yet; the same one until it is confirmed.

    Raises:
        AccountNotFound: there is no such official, or the app is enrolled already.
    """
    with transaction.atomic():
        account = _unenrolled(account_id)
        if account.totp_sealed is None:
            _store_secret(account, secrets.token_bytes(_SECRET_BYTES))
            record_by_account(account.id, "account.totp_begun", now=now)
        secret = _secret(account)
    uri = totp.enrolment_uri(secret, login=account.login, issuer=_ISSUER)
    return TotpEnrolment(totp.base32(secret), uri)


def confirm_totp(account_id: UUID, code: str, *, address: str, now: datetime) -> Account:
    """Finish the enrolment with a first code, which also signs in.

    Raises:
        AccountNotFound: there is no such official, or the app is enrolled already.
        SignInFailed: the code is wrong, or the account is locked.
        TooManyAttempts: this network address failed too often.
    """
    check_address("sign_in", address, limit=signin.FAILURES_PER_ADDRESS, now=now)
    if not _charge(account_id, now):
        raise SignInFailed()
    account = _unenrolled(account_id, lock=False)
    if not _use_totp(account, code, now):
        _fail(account, address, now)
        raise SignInFailed()
    with transaction.atomic():
        Account.objects.filter(id=account_id).update(totp_confirmed_at=now, failed_count=0, locked_until=None)
        record_by_account(account_id, "account.totp_enrolled", now=now)
        record_by_account(account_id, "account.signed_in", now=now, data={"by": "password+totp"})
    return account


def present_totp(login: str, *, now: datetime) -> str:
    """The code that a demo official's app would show now.

    Raises:
        AccountNotFound: there is none with this login name that is marked as demo.
    """
    account = Account.objects.filter(login=login.strip().lower(), kind="official", demo=True).first()
    if account is None or account.totp_sealed is None:
        raise AccountNotFound(login=login)
    return totp.hotp(_secret(account), max(totp.step_at(now), account.totp_last_step + 1))


def enrol_demo_totp(account: Account, *, now: datetime) -> None:
    """Give a new demo official a confirmed secret, so that `zhicheng demo code` can answer; for this package only."""
    _store_secret(account, secrets.token_bytes(_SECRET_BYTES))
    Account.objects.filter(id=account.id, demo=True).update(totp_confirmed_at=now)


def _charge(account_id: UUID, now: datetime) -> bool:
    """Count a try; False when the account is locked. The fifth try in a row locks it, unless it succeeds."""
    was_locked = Q(locked_until__isnull=False)
    count = Case(When(was_locked, then=Value(1)), default=F("failed_count") + 1)
    last = Q(locked_until__isnull=True, failed_count__gte=signin.FAILURES_BEFORE_LOCK - 1)
    until = Case(When(last, then=Value(now + signin.LOCK_TIME)), default=Value(None))
    unlocked = Account.objects.filter(Q(locked_until__isnull=True) | Q(locked_until__lte=now), id=account_id)
    return bool(unlocked.update(failed_count=count, locked_until=until))


def _refund(account_id: UUID) -> None:
    """Take back the charge of a right password; failures before it stay counted until the code is right too."""
    Account.objects.filter(id=account_id).update(failed_count=Greatest(F("failed_count") - 1, 0), locked_until=None)


def _fail(account: Account | None, address: str, now: datetime) -> None:
    charge_address("sign_in", address, limit=signin.FAILURES_PER_ADDRESS, now=now)
    if account is None:
        return
    account.refresh_from_db(fields=["failed_count", "locked_until"])
    is_locked = account.locked_until is not None and account.locked_until > now
    with transaction.atomic():
        action = "account.locked" if is_locked else "account.sign_in_failed"
        record_by_account(account.id, action, now=now, data={"failures": account.failed_count})


def _use_totp(account: Account, code: str, now: datetime) -> bool:
    secret = _secret(account) if account.totp_sealed is not None else b""
    step = totp.matching_step(secret, code.strip(), now, last_step=account.totp_last_step) if secret else None
    if step is None:
        return False
    unused = Account.objects.filter(id=account.id, totp_last_step__lt=step)
    return bool(unused.update(totp_last_step=step))  # of two uses at once, one finds the row changed


def _unenrolled(account_id: UUID, *, lock: bool = True) -> Account:
    accounts = Account.objects.select_for_update() if lock else Account.objects.all()
    account = accounts.filter(id=account_id, kind="official", is_active=True, totp_confirmed_at__isnull=True).first()
    if account is None:
        raise AccountNotFound(account_id=account_id)
    return account


def _store_secret(account: Account, secret: bytes) -> None:
    ring = keyring()
    account.totp_sealed = ring.seal_bytes(secret, row=account.id, field="totp")
    account.totp_key_id = ring.current().id
    account.save(update_fields=["totp_sealed", "totp_key_id"])


def _secret(account: Account) -> bytes:
    return keyring().open_bytes(bytes(account.totp_sealed or b""), row=account.id, field="totp")
