"""Accounts of officials and services: made, switched on and off, passwords, API keys. Every act is in the ledger."""

import re
import secrets
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction

from zhicheng.core.parties.crypto import keyring
from zhicheng.core.parties.errors import AccountNotFound, LoginTaken, NotPermitted, SignInFailed, WeakPassword
from zhicheng.core.parties.models import Account, ApiKey
from zhicheng.core.parties.operations.entries import record_act, record_by_account
from zhicheng.core.parties.operations.grants import grant_role
from zhicheng.core.parties.operations.managing import check_managing
from zhicheng.core.parties.operations.officials import enrol_demo_totp
from zhicheng.core.parties.operations.sessions import end_sessions
from zhicheng.core.parties.policy.signin import password_fault
from zhicheng.core.parties.queries.actors import API_KEY_MARK
from zhicheng.core.parties.values import Actor, ActorKind, NewGrant, NewOfficial
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.ids import uuid7

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,39}")


def create_official(official: NewOfficial, *, actor: Actor, now: datetime) -> UUID:
    """Make an official's account with its roles. A demo account gets a confirmed authenticator secret.

    Raises:
        NotPermitted: the actor lacks `accounts.manage`.
        FieldErrors: login name or display name is malformed.
        LoginTaken: somebody has this login name.
        WeakPassword: the password breaks a rule.
        GrantRefused: one of the roles may not be granted.
    """
    check_manager(actor)
    login = _checked_login(official.login)
    if not official.display_name.strip():
        raise FieldErrors({"display_name": ["请填写姓名。"]})
    check_new_password(official.password, login=login)
    with transaction.atomic():
        account = _new_account(login, "official", official.display_name.strip(), now)
        account.demo, account.must_change_password = official.demo, official.must_change_password
        account.password, account.password_changed_at = make_password(official.password), now
        account.save(force_insert=True)
        record_act(actor, "account.created", f"account:{account.id}", now=now, kind="official", demo=official.demo)
        if official.demo:
            enrol_demo_totp(account, now=now)
        for grant in official.grants:
            grant_role(account.id, grant, actor=actor, now=now)
    return account.id


def create_service(login: str, display_name: str, grants: tuple[NewGrant, ...], *, actor: Actor, now: datetime) -> UUID:
    """Make the account of another system; it signs in with API keys only.

    Raises:
        NotPermitted: the actor lacks `accounts.manage`.
        FieldErrors: login name or display name is malformed.
        LoginTaken: somebody has this login name.
        GrantRefused: one of the roles may not be granted.
    """
    check_manager(actor)
    if not display_name.strip():
        raise FieldErrors({"display_name": ["请填写系统名称。"]})
    with transaction.atomic():
        account = _new_account(_checked_login(login), "service", display_name.strip(), now)
        account.set_unusable_password()
        account.save(force_insert=True)
        record_act(actor, "account.created", f"account:{account.id}", now=now, kind="service")
        for grant in grants:
            grant_role(account.id, grant, actor=actor, now=now)
    return account.id


def set_active(account_id: UUID, *, active: bool, actor: Actor, now: datetime, reason: str) -> None:
    """Switch an account on or off; off ends all its sessions at once.

    Raises:
        ManagingRefused: the actor may not; see `policy.duties`.
        AccountNotFound: there is none.
    """
    check_managing(actor, "switch", account_id, now=now)
    with transaction.atomic():
        if not Account.objects.filter(id=account_id).update(is_active=active):
            raise AccountNotFound(account_id=account_id)
        action = "account.enabled" if active else "account.disabled"
        record_act(actor, action, f"account:{account_id}", now=now, reason=reason)
        if not active:
            end_sessions(account_id, now=now)


def unlock_account(account_id: UUID, *, actor: Actor, now: datetime) -> None:
    """End a lockout early. Needs `security.manage`.

    Raises:
        ManagingRefused: the actor may not; see `policy.duties`.
        AccountNotFound: there is none.
    """
    check_managing(actor, "unlock", account_id, now=now)
    with transaction.atomic():
        if not Account.objects.filter(id=account_id).update(failed_count=0, locked_until=None):
            raise AccountNotFound(account_id=account_id)
        record_act(actor, "account.unlocked", f"account:{account_id}", now=now)


def reset_official(account_id: UUID, password: str, *, actor: Actor, now: datetime) -> None:
    """A first password anew, to be changed at sign-in, and a new authenticator; for who lost the telephone.

    Raises:
        ManagingRefused: the actor may not; see `policy.duties`.
        AccountNotFound: there is no such official.
        WeakPassword: the password breaks a rule.
    """
    check_managing(actor, "reset", account_id, now=now)
    with transaction.atomic():
        account = _official(account_id)
        check_new_password(password, login=account.login)
        account.password, account.password_changed_at = make_password(password), now
        account.must_change_password, account.failed_count, account.locked_until = True, 0, None
        account.totp_sealed = account.totp_key_id = account.totp_confirmed_at = None
        account.save()
        end_sessions(account_id, now=now)
        record_act(actor, "account.reset", f"account:{account_id}", now=now)


def change_password(account_id: UUID, old: str, new: str, *, now: datetime, keep_session: str = "") -> None:
    """An official's own change of password; ends the other sessions.

    Raises:
        AccountNotFound: there is no such official.
        SignInFailed: the old password is wrong.
        WeakPassword: the new one breaks a rule or is the old one.
    """
    with transaction.atomic():
        account = _official(account_id)
        if not check_password(old, account.password):
            raise SignInFailed()
        if old == new:
            raise WeakPassword(reason="新密码不能与原密码相同。")
        _set_password(account, new, now)
        end_sessions(account_id, now=now, keep=keep_session)


def set_first_password(account_id: UUID, new: str, *, now: datetime) -> None:
    """Replace the password that an administrator gave, during the first sign-in.

    Raises:
        AccountNotFound: there is no such official, or nobody asked for a change.
        WeakPassword: the new one breaks a rule or is the given one.
    """
    with transaction.atomic():
        account = _official(account_id)
        if not account.must_change_password:
            raise AccountNotFound(account_id=account_id)
        if check_password(new, account.password):
            raise WeakPassword(reason="新密码不能与原密码相同。")
        _set_password(account, new, now)


def issue_api_key(
    account_id: UUID, name: str, *, actor: Actor, now: datetime, expires_at: datetime | None = None
) -> str:
    """A new key for a service. It is shown this once; only its hash is kept.

    Raises:
        ManagingRefused: the actor may not; see `policy.duties`.
        AccountNotFound: there is no such service.
    """
    check_managing(actor, "keys", account_id, now=now)
    if not Account.objects.filter(id=account_id, kind="service", is_active=True).exists():
        raise AccountNotFound(account_id=account_id)
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    with transaction.atomic():
        key = ApiKey.objects.create(
            id=uuid7(now),
            account_id=account_id,
            name=name[:60],
            prefix=prefix,
            secret_hash=keyring().digest("api_key", secret),
            created_at=now,
            expires_at=expires_at,
        )
        record_act(actor, "api_key.issued", f"account:{account_id}", now=now, key=str(key.id), prefix=prefix)
    return f"{API_KEY_MARK}_{prefix}_{secret}"


def revoke_api_key(prefix: str, *, actor: Actor, now: datetime) -> None:
    """End a key at once, by the part between the underscores.

    Raises:
        ManagingRefused: the actor may not; see `policy.duties`.
        AccountNotFound: there is no running key with this prefix.
    """
    with transaction.atomic():
        key = ApiKey.objects.select_for_update().filter(prefix=prefix, revoked_at__isnull=True).first()
        if key is None:
            raise AccountNotFound(prefix=prefix)
        check_managing(actor, "keys", key.account_id, now=now)
        ApiKey.objects.filter(id=key.id).update(revoked_at=now)
        record_act(actor, "api_key.revoked", f"account:{key.account_id}", now=now, key=str(key.id), prefix=prefix)


def check_manager(actor: Actor) -> None:
    """Refuse who may not make accounts.

    Raises:
        NotPermitted: the actor lacks `accounts.manage`.
    """
    if actor.kind is not ActorKind.SYSTEM and "accounts.manage" not in actor.permissions:
        raise NotPermitted(act="新建账号，请由系统管理员办理")


def check_new_password(password: str, *, login: str) -> None:
    """Refuse a weak password.

    Raises:
        WeakPassword: it breaks a rule or is on the list of common ones.
    """
    if fault := password_fault(password, login=login):
        raise WeakPassword(reason=fault)
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        raise WeakPassword(reason="这个密码太常见，容易被猜到，请换一个。") from None


def _set_password(account: Account, new: str, now: datetime) -> None:
    check_new_password(new, login=account.login)
    account.password, account.password_changed_at = make_password(new), now
    account.must_change_password = False
    account.save(update_fields=["password", "password_changed_at", "must_change_password"])
    record_by_account(account.id, "account.password_changed", now=now)


def _checked_login(login: str) -> str:
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise FieldErrors({"login": ["登录名为 3 到 40 个字符，以小写字母开头，可含数字、点、横线和下划线。"]})
    return login


def _new_account(login: str, kind: str, display_name: str, now: datetime) -> Account:
    if Account.objects.filter(login=login).exists():
        raise LoginTaken(login=login)
    return Account(id=uuid7(now), login=login, kind=kind, display_name=display_name[:60], created_at=now)


def _official(account_id: UUID) -> Account:
    account = Account.objects.select_for_update().filter(id=account_id, kind="official").first()
    if account is None:
        raise AccountNotFound(account_id=account_id)
    return account
