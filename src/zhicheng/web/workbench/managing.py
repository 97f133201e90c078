"""What administrators do with one account. Who may do what is decided in parties; a refusal is shown as it is said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhicheng.core.parties.errors import AccountNotFound, GrantNotFound
from zhicheng.core.parties.public import (
    draw_password,
    get_account,
    get_unit_tree,
    grant_role,
    issue_api_key,
    list_api_keys,
    request_actor,
    reset_official,
    revoke_api_key,
    revoke_grant,
    set_active,
    unlock_account,
)
from zhicheng.core.parties.values import Actor, NewGrant, Unit
from zhicheng.kit.clock import CHINA, now
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.account import account_page
from zhicheng.web.workbench.once import keep_secret, once

ADMINISTRATORS = ("accounts.manage", "security.manage")
_SUGGESTIONS = 8
_REASON_LENGTH = 200
_UNTYPED = frozenset({"csrfmiddlewaretoken", "idempotency_key"})


@dataclass(frozen=True)
class _Act:
    """One act on one account: its name in the idempotency scope, the sentence afterwards, and what it does."""

    name: str
    done: str
    run: Callable[[Actor, datetime], None]


@never_cache
@require_GET
@needs_official(*ADMINISTRATORS)
def account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """One account."""
    return account_page(request, account_id, values={}, errors={})


@require_POST
@needs_official(*ADMINISTRATORS)
def switch(request: HttpRequest, account_id: UUID, *, active: bool) -> HttpResponse:
    """Disable with a reason, or enable."""
    reason = _reason(request)

    def run(actor: Actor, at: datetime) -> None:
        if not active and not reason:
            raise FieldErrors({"disable_reason": ["请写明停用的原因。"]})
        set_active(account_id, active=active, actor=actor, now=at, reason=reason)

    done = "账号已启用。" if active else "账号已停用，所有设备上的登录已退出。"
    return _carry_out(request, account_id, _Act("enable" if active else "disable", done, run))


@require_POST
@needs_official(*ADMINISTRATORS)
def unlock(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """End a lockout early."""

    def run(actor: Actor, at: datetime) -> None:
        unlock_account(account_id, actor=actor, now=at)

    return _carry_out(request, account_id, _Act("unlock", "锁定已解除。", run))


@require_POST
@needs_official(*ADMINISTRATORS)
def reset(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """A new first password, shown once, and a new authenticator at the next sign-in."""

    def run(actor: Actor, at: datetime) -> None:
        password = draw_password(get_account(account_id, now=at).login)
        reset_official(account_id, password, actor=actor, now=at)
        keep_secret(request, account_id, "新的初始密码", password)

    return _carry_out(request, account_id, _Act("reset", "密码和动态口令已重置，所有设备上的登录已退出。", run))


@require_POST
@needs_official(*ADMINISTRATORS)
def grant(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Give a role at a unit, from a day until a day."""

    def run(actor: Actor, at: datetime) -> None:
        grant_role(account_id, _read_grant(request, at), actor=actor, now=at)

    return _carry_out(request, account_id, _Act("grant", "角色已授予，立即按授权时间生效。", run))


@require_POST
@needs_official(*ADMINISTRATORS)
def revoke(request: HttpRequest, account_id: UUID, grant_id: UUID) -> HttpResponse:
    """Take a role back now."""

    def run(actor: Actor, at: datetime) -> None:
        if grant_id not in {held.id for held in get_account(account_id, now=at).grants}:
            raise GrantNotFound()
        revoke_grant(grant_id, actor=actor, now=at, reason=_reason(request))

    return _carry_out(request, account_id, _Act(f"revoke:{grant_id}", "角色已收回。", run))


@require_POST
@needs_official(*ADMINISTRATORS)
def issue_key(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """A new API key for a service, shown once."""

    def run(actor: Actor, at: datetime) -> None:
        name = request.POST.get("key_name", "").strip()[:60]
        if not name:
            raise FieldErrors({"key_name": ["请填写密钥名称，例如“生产环境”。"]})
        ends_at = _end_of_day(request, "key_end", at)
        key = issue_api_key(account_id, name, actor=actor, now=at, expires_at=ends_at)
        keep_secret(request, account_id, "接口密钥", key)

    return _carry_out(request, account_id, _Act("key", "接口密钥已签发。", run))


@require_POST
@needs_official(*ADMINISTRATORS)
def revoke_key(request: HttpRequest, account_id: UUID, prefix: str) -> HttpResponse:
    """End an API key at once."""

    def run(actor: Actor, at: datetime) -> None:
        if prefix not in {key.prefix for key in list_api_keys(account_id)}:
            raise AccountNotFound(prefix=prefix)
        revoke_api_key(prefix, actor=actor, now=at)

    return _carry_out(request, account_id, _Act(f"revoke_key:{prefix}", "接口密钥已吊销，立即失效。", run))


@require_GET
@needs_official(*ADMINISTRATORS)
def units(request: HttpRequest) -> HttpResponse:
    """Living units whose name or code has some words, for the box in which a role's unit is typed."""
    words = request.GET.get("q", "").strip()[:40]
    found = [
        unit
        for unit in get_unit_tree().all().values()
        if words and unit.ended_date is None and (words in unit.name or words.upper() in unit.code)
    ]
    nearest = sorted(found, key=lambda unit: (len(unit.name), unit.code))[:_SUGGESTIONS]
    rows = [
        {"label": unit.name, "value": _unambiguous(unit), "kind": unit.code, "icon": "building-2"} for unit in nearest
    ]
    return render(request, "components/suggestions.html", {"suggestions": rows})


def _carry_out(request: HttpRequest, account_id: UUID, act: _Act) -> HttpResponse:
    """Run an act once; what is refused is said on the account's page, with what was typed."""
    actor, at = request_actor(request), now()
    get_account(account_id, now=at)  # residents' accounts are not found here
    typed = {name: str(value) for name, value in request.POST.items() if name not in _UNTYPED}

    def operation() -> Mapping[str, Any]:
        act.run(actor, at)
        return {}

    try:
        once(request, f"accounts:{act.name}:{account_id}", typed, operation)
    except FieldErrors as error:
        return account_page(request, account_id, values=typed, errors=error.fields, status=error.kind.value)
    except ZhichengError as error:
        refused = {"": [str(error)]}
        return account_page(request, account_id, values=typed, errors=refused, status=error.kind.value)
    messages.success(request, f"{act.done}操作记录已写入账本。")
    return HttpResponseRedirect(f"/workbench/accounts/{account_id}/")


def _reason(request: HttpRequest) -> str:
    given = request.POST.get("reason", "") or request.POST.get("disable_reason", "")
    return given.strip()[:_REASON_LENGTH]


def _read_grant(request: HttpRequest, at: datetime) -> NewGrant:
    role, unit = request.POST.get("role", ""), _unit_code(request.POST.get("unit", ""))
    errors = {} if role else {"role": ["请选择角色。"]}
    if not unit:
        errors["unit"] = ["请填写单位的全称或代码，可从提示中选择。"]
    if errors:
        raise FieldErrors(errors)
    start = _day(request, "start")
    begins = None if start is None else max(datetime.combine(start, time(0), CHINA), at)
    return NewGrant(role, unit, begins, _end_of_day(request, "end", at))


def _unit_code(text: str) -> str:
    """The living unit meant by a full name or a code; empty where none or several are."""
    words, tree = text.strip()[:80], get_unit_tree()
    if words.upper() in tree and tree.get(words.upper()).ended_date is None:
        return words.upper()
    found = _named(words) if words else []
    return found[0].code if len(found) == 1 else ""


def _unambiguous(unit: Unit) -> str:
    """A unit's name where no other unit has it, otherwise its code."""
    return unit.name if len(_named(unit.name)) == 1 else unit.code


def _named(name: str) -> list[Unit]:
    return [unit for unit in get_unit_tree().all().values() if unit.name == name and unit.ended_date is None]


def _end_of_day(request: HttpRequest, name: str, at: datetime) -> datetime | None:
    day = _day(request, name)
    if day is None:
        return None
    ends_at = datetime.combine(day + timedelta(days=1), time(0), CHINA)
    if ends_at <= at:
        raise FieldErrors({name: ["结束日期不能早于今天。"]})
    return ends_at


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise FieldErrors({name: ["日期的写法不对，请重新选择。"]}) from None
