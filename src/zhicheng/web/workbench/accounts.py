"""Accounts of officials and services: the list, one account, a new one. What is done with one: `managing`."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhicheng.core.parties.errors import LoginTaken
from zhicheng.core.parties.public import (
    create_official,
    create_service,
    draw_password,
    list_accounts,
    request_actor,
)
from zhicheng.core.parties.values import AccountFilter, ActorKind, ManagedAccount, NewOfficial
from zhicheng.kit.clock import now
from zhicheng.kit.errors import FieldErrors
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.templatetags.zc import moment
from zhicheng.web.workbench.account import account_tag
from zhicheng.web.workbench.forms import new_key
from zhicheng.web.workbench.frame import show
from zhicheng.web.workbench.once import keep_secret, once

_PAGE = 25
_STATES = (("active", "在用"), ("no_role", "未授权"), ("locked", "已锁定"), ("disabled", "已停用"))
_KINDS = (("official", "工作人员"), ("service", "外部系统"))
_NEW_KINDS = (
    ("official", "工作人员", "用密码和动态口令登录工作台"),
    ("service", "外部系统", "用接口密钥调用开放接口，不能登录网页"),
)


@require_GET
@needs_official("accounts.manage", "security.manage")
def accounts(request: HttpRequest) -> HttpResponse:
    """Officials and services by login name, narrowed by words, state and kind."""
    given, at = request.GET, now()
    state = _one_of(_STATES, given.get("state", ""))
    kind = _one_of(_KINDS, given.get("kind", ""))
    wanted = AccountFilter(given.get("q", "").strip()[:60], state, kind)
    page = list_accounts(wanted, now=at, after=given.get("after", "")[:80], limit=_PAGE)
    query = {"q": wanted.words, "state": state, "kind": kind}
    context = {
        "new_url": "/workbench/accounts/new/" if "accounts.manage" in request_actor(request).permissions else "",
        "filters": {
            "action": request.path,
            "q": wanted.words,
            "placeholder": "姓名、登录名、单位",
            "fields": [
                {"name": "state", "label": "状态", "value": state, "options": _STATES},
                {"name": "kind", "label": "类型", "value": kind, "options": _KINDS},
            ],
            "saved": [],
            "clear_url": request.path if given else "",
        },
        "accounts": [_row(account) for account in page.accounts],
        "pager": {
            "next_url": f"?{urlencode({**query, 'after': page.after})}" if page.after else "",
            "previous_url": f"?{urlencode(query)}" if given.get("after") else "",
            "words": f"每页 {_PAGE} 个，按登录名排列",
        },
    }
    return show(request, "workbench/accounts.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@needs_official("accounts.manage")
def new(request: HttpRequest) -> HttpResponse:
    """Make an account; its first password is shown once, on the account's page."""
    if request.method != "POST":
        return _form(request, {"kind": "official"}, {})
    values = {name: request.POST.get(name, "").strip()[:60] for name in ("kind", "login", "display_name")}
    if not _one_of(_KINDS, values["kind"]):
        return _form(request, values, {"kind": ["请选择账号类型。"]})
    try:
        account_id = _create(request, values)
    except FieldErrors as error:
        return _form(request, values, error.fields)
    except LoginTaken as error:
        return _form(request, values, {"login": [str(error)]})
    messages.success(request, "账号已建好，操作记录已写入账本。")
    return HttpResponseRedirect(f"/workbench/accounts/{account_id}/")


def _create(request: HttpRequest, values: dict[str, str]) -> UUID:
    actor, at = request_actor(request), now()
    login, name = values["login"], values["display_name"]

    def make() -> dict[str, str]:
        if values["kind"] == "service":
            return {"account": str(create_service(login, name, (), actor=actor, now=at))}
        password = draw_password(login)
        official = NewOfficial(login, password, name, must_change_password=True)
        account_id = create_official(official, actor=actor, now=at)
        keep_secret(request, account_id, "初始密码", password)
        return {"account": str(account_id)}

    return UUID(once(request, "accounts:new", values, make)["account"])


def _form(request: HttpRequest, values: dict[str, str], errors: dict[str, list[str]]) -> HttpResponse:
    context = {
        "values": values,
        "errors": errors,
        "options": {"kind": _NEW_KINDS},
        "idempotency_key": new_key(),
    }
    return show(request, "workbench/account_new.html", context, status=422 if errors else 200)


def _row(account: ManagedAccount) -> dict[str, Any]:
    at = now()
    running = [grant for grant in account.grants if grant.starts_at <= at]
    units = list(dict.fromkeys(grant.unit_name for grant in running))
    tag = account_tag(account, at)
    return {
        "name": account.name,
        "login": account.login,
        "unit": "、".join(units[:2]) + (f"等 {len(units)} 个单位" if len(units) > 2 else ""),
        "roles": list(dict.fromkeys(grant.role_label for grant in running)),
        "tag": tag,
        "last_words": "用接口密钥" if account.kind is ActorKind.SERVICE else moment(account.last_login),
        "url": f"/workbench/accounts/{account.id}/",
        "locked": tag["label"] == "已锁定",
    }


def _one_of(options: tuple[tuple[str, str], ...], value: str) -> str:
    return value if value in dict(options) else ""
