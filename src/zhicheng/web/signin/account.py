"""One's own account: who I am, where I am signed in, my password, signing out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhicheng.core.parties.errors import IdentityFixed, SignInFailed, WeakPassword
from zhicheng.core.parties.public import (
    amend_party,
    as_person,
    change_password,
    end_sessions,
    get_identity,
    get_profile,
    list_held_grants,
    list_sessions,
    request_actor,
    stop_session,
)
from zhicheng.core.parties.values import ActorKind, PersonalFields
from zhicheng.kit.clock import now
from zhicheng.kit.errors import FieldErrors
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.shared.signin import needs_account, needs_official
from zhicheng.web.signin.shell import show_in_shell


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out here."""
    stop_session(request, now=now())
    return HttpResponseRedirect("/")


@never_cache
@require_GET
@needs_account
def profile(request: HttpRequest) -> HttpResponse:
    """My account."""
    return _page(request, {}, {})


@never_cache
@require_POST
@needs_account
def set_name(request: HttpRequest) -> HttpResponse:
    """A resident's own name."""
    actor = as_person(request_actor(request))
    name = request.POST.get("name", "").strip()[:100]
    if actor.party_id is None:
        return HttpResponseRedirect("/account/")
    if not name:
        return _page(request, {"name": ""}, {"name": ["请填写姓名。"]})
    try:
        amend_party(actor.party_id, PersonalFields(name=name), actor=actor, now=now())
    except FieldErrors as error:
        return _page(request, {"name": name}, error.fields)
    except IdentityFixed as error:
        return _page(request, {"name": name}, {"name": [str(error)]})
    messages.success(request, "姓名已保存。")
    return HttpResponseRedirect("/account/")


@require_POST
@needs_account
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session, this one too."""
    account_id = request_actor(request).account_id
    stop_session(request, now=now())
    if account_id is not None:
        end_sessions(account_id, now=now())
    return HttpResponseRedirect("/")


@never_cache
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "POST"])
@needs_official()
def password(request: HttpRequest) -> HttpResponse:
    """An official's password; changing it ends the other sessions."""
    if request.method != "POST":
        return show_in_shell(request, "account/password.html", {"values": {}, "errors": {}})
    check_rate(request, "signin")
    errors = _change_password(request)
    if errors:
        return show_in_shell(request, "account/password.html", {"values": {}, "errors": errors}, status=422)
    messages.success(request, "密码已修改，其他地方的登录已经退出。请重新登录。")
    return HttpResponseRedirect("/signin/official/")


def _change_password(request: HttpRequest) -> dict[str, list[str]]:
    account_id = request_actor(request).account_id
    old, new = request.POST.get("old", "")[:200], request.POST.get("new", "")[:200]
    if new != request.POST.get("again", "")[:200]:
        return {"again": ["两次输入的密码不一样。"]}
    if account_id is None:
        return {"": ["请重新登录。"]}
    try:
        change_password(account_id, old, new, now=now())
    except SignInFailed:
        return {"old": ["原密码不对。"]}
    except WeakPassword as error:
        return {"new": [str(error)]}
    stop_session(request, now=now())
    return {}


def _page(request: HttpRequest, values: dict[str, str], errors: dict[str, list[str]]) -> HttpResponse:
    actor = as_person(request_actor(request))
    context: dict[str, Any] = {"values": values, "errors": errors}
    if actor.account_id is not None:
        shown = get_profile(actor.account_id)
        context |= {
            "profile": shown,
            "is_resident": shown.kind is ActorKind.RESIDENT,
            "identity": get_identity(actor.party_id) if actor.party_id else None,
            "is_official": shown.kind is ActorKind.OFFICIAL,
            "sessions": list_sessions(actor.account_id, present_key=request.session.session_key or ""),
            "grants": list_held_grants(actor.account_id, now=now()),
        }
        context["values"] = values or {"name": "" if shown.display_name == actor.name else shown.display_name}
    return show_in_shell(request, "account/profile.html", context, status=422 if errors else 200)
