"""One account as a page: who it is, its roles, keys and history, and what the reader may do with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from zhicheng.core.ledger.public import list_entries
from zhicheng.core.ledger.values import Entry
from zhicheng.core.parties.public import (
    get_account,
    get_unit_tree,
    list_account_names,
    list_api_keys,
    list_grantable_roles,
    list_revocable,
    list_role_labels,
    list_sessions,
    managing_faults,
    request_actor,
)
from zhicheng.core.parties.values import ActorKind, HeldGrant, IssuedKey, ManagedAccount
from zhicheng.kit.clock import CHINA, now
from zhicheng.web.templatetags.zc import moment
from zhicheng.web.workbench.forms import new_key
from zhicheng.web.workbench.frame import show
from zhicheng.web.workbench.once import take_secret

Errors = Mapping[str, Sequence[str]]

_HISTORY = 20
# What the ledger calls each act on an account: its words and its icon.
ACCOUNT_ACTS: Mapping[str, tuple[str, str]] = {
    "account.created": ("新建账号", "plus"),
    "account.disabled": ("停用账号", "ban"),
    "account.enabled": ("启用账号", "circle-check"),
    "account.locked": ("连续输错，账号锁定", "lock"),
    "account.unlocked": ("解除锁定", "check"),
    "account.reset": ("重置密码和动态口令", "refresh-cw"),
    "account.password_changed": ("本人修改密码", "pencil"),
    "account.totp_begun": ("开始绑定动态口令", "qr-code"),
    "account.totp_enrolled": ("绑定动态口令", "shield-check"),
    "account.signed_in": ("登录", "log-in"),
    "account.signed_out": ("退出", "log-out"),
    "account.sign_in_failed": ("登录失败", "triangle-alert"),
    "account.sessions_ended": ("退出全部设备", "log-out"),
    "account.sessions_limited": ("登录设备过多，最早的已退出", "log-out"),
    "role.granted": ("授予角色", "user-round-check"),
    "role.revoked": ("收回角色", "undo-2"),
    "role.delegated": ("受委托代办", "users"),
    "role.delegation_ended": ("委托收回", "undo-2"),
    "api_key.issued": ("签发接口密钥", "link"),
    "api_key.revoked": ("吊销接口密钥", "ban"),
}
_TONES = {"account.disabled": "danger", "account.locked": "danger", "account.sign_in_failed": "warning"}


def account_page(
    request: HttpRequest, account_id: UUID, *, values: Mapping[str, str], errors: Errors, status: int = 200
) -> HttpResponse:
    """The page of one account; with errors, what was typed stays.

    Raises:
        AccountNotFound: there is no such account, or it is a resident's.
    """
    actor, at = request_actor(request), now()
    account = get_account(account_id, now=at)
    faults = managing_faults(actor, account_id, now=at)
    revocable = list_revocable(actor, account_id, now=at)
    roles = list_grantable_roles(actor) if actor.account_id != account_id else []
    is_service = account.kind is ActorKind.SERVICE
    context = {
        "account": _head(account, at),
        "is_service": is_service,
        "is_locked": account.is_active and account.locked_until is not None and account.locked_until > at,
        "sessions": len(list_sessions(account_id)),
        "grants": [_grant(grant, at, can_revoke=grant.id in revocable) for grant in account.grants],
        "keys": [_key(key, at) for key in list_api_keys(account_id)] if is_service else [],
        "faults": faults,
        "reasons": list(dict.fromkeys(fault for act, fault in faults.items() if fault and _concerns(act, account, at))),
        "can_grant": bool(roles),
        "secret": take_secret(request, account_id),
        "events": _history(account_id),
        "values": values or {"start": at.astimezone(CHINA).date().isoformat()},
        "errors": errors,
        "options": {"role": [(role.code, role.label) for role in roles]},
        "today": at.astimezone(CHINA).date().isoformat(),
        "idempotency_key": new_key(),
    }
    return show(request, "workbench/account.html", context, status=status)


def account_tag(account: ManagedAccount, at: datetime) -> dict[str, str]:
    """The state of an account as a tag."""
    if not account.is_active:
        return {"label": "已停用", "tone": "", "icon": "ban"}
    if account.locked_until is not None and account.locked_until > at:
        return {"label": "已锁定", "tone": "danger", "icon": "lock"}
    if not account.grants:
        return {"label": "未授权", "tone": "warning", "icon": "hourglass"}
    return {"label": "在用", "tone": "success", "icon": "check"}


def _head(account: ManagedAccount, at: datetime) -> dict[str, Any]:
    is_service = account.kind is ActorKind.SERVICE
    return {
        "id": account.id,
        "url": f"/workbench/accounts/{account.id}/",
        "name": account.name,
        "login": account.login,
        "kind": "外部系统" if is_service else "工作人员",
        "is_active": account.is_active,
        "tag": account_tag(account, at),
        "demo": account.demo,
        "created_words": moment(account.created_at),
        "last_words": moment(account.last_login),
        "locked_words": moment(account.locked_until),
        "password_words": "须在下次登录时修改" if account.must_change_password else "本人已设置",
        "totp_words": "已绑定" if account.has_totp else "未绑定，首次登录时绑定",
    }


def _concerns(act: str, account: ManagedAccount, at: datetime) -> bool:
    """Whether an act is one that this account could need now."""
    if act == "unlock":
        return account.locked_until is not None and account.locked_until > at
    return (act == "keys") == (account.kind is ActorKind.SERVICE) or act == "switch"


def _grant(grant: HeldGrant, at: datetime, *, can_revoke: bool) -> dict[str, Any]:
    until = f"至 {moment(grant.ends_at)}" if grant.ends_at else "长期有效"
    return {
        "id": grant.id,
        "role": grant.role_label,
        "unit": grant.unit_name,
        "time_words": f"{moment(grant.starts_at)} 起，{until}",
        "is_future": grant.starts_at > at,
        "delegated_by": grant.delegated_by,
        "can_revoke": can_revoke,
    }


def _key(key: IssuedKey, at: datetime) -> dict[str, Any]:
    ended = key.expires_at is not None and key.expires_at <= at
    tag = {"label": "有效", "tone": "success", "icon": "check"}
    if key.revoked_at is not None:
        tag = {"label": "已吊销", "tone": "", "icon": "ban"}
    elif ended:
        tag = {"label": "已过期", "tone": "", "icon": "clock"}
    return {
        "name": key.name,
        "prefix": key.prefix,
        "created_words": moment(key.created_at),
        "until_words": f"至 {moment(key.expires_at)}" if key.expires_at else "长期有效",
        "tag": tag,
        "runs": key.revoked_at is None and not ended,
    }


def _history(account_id: UUID) -> list[dict[str, Any]]:
    found = [recorded.entry for recorded in list_entries(subject=f"account:{account_id}", limit=_HISTORY).entries]
    actors = {entry.actor for entry in found if entry.actor.startswith("account:")}
    names = list_account_names(UUID(actor.partition(":")[2]) for actor in actors)
    roles = list_role_labels()
    return [_event(entry, names, account_id) | {"text": _text(entry, roles)} for entry in found]


def _event(entry: Entry, names: Mapping[UUID, str], account_id: UUID) -> dict[str, Any]:
    kind, _, identifier = entry.actor.partition(":")
    actor = names.get(UUID(identifier), "") if kind == "account" else "系统"
    title, icon = ACCOUNT_ACTS.get(entry.action, (entry.action, ""))
    return {
        "at": entry.at,
        "title": title,
        "actor": "本人" if identifier == str(account_id) else actor,
        "tone": _TONES.get(entry.action, ""),
        "icon": icon,
    }


def _text(entry: Entry, roles: Mapping[str, str]) -> str:
    """What the entry says beyond its title: role and unit, key, count, reason."""
    data, said = entry.data, ""
    if entry.action.startswith("role."):
        tree, unit, role = get_unit_tree(), str(data.get("unit", "")), str(data.get("role", ""))
        said = f"{roles.get(role, role)} · {tree.get(unit).name if unit in tree else unit}"
    elif entry.action.startswith("api_key."):
        said = f"密钥 {data.get('prefix', '')}"
    elif "failures" in data:
        said = f"连续第 {data['failures']} 次"
    return "。".join(part for part in (said, entry.reason) if part)
