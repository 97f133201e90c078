"""Signing in of officials: login name and password, the code of the authenticator app and, once, a new password."""

from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from zhicheng.core.parties.errors import SignInFailed, TooManyAttempts, WeakPassword
from zhicheng.core.parties.public import (
    begin_totp,
    check_official_password,
    check_official_totp,
    confirm_totp,
    get_profile,
    request_actor,
    set_first_password,
)
from zhicheng.kit.clock import now
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.signin.session import Pending, address_of, begin_session, keep_pending, pending_of, safe_next

_HOME = "/workbench/"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def ask_password(request: HttpRequest) -> HttpResponse:
    """The first step: login name and password."""
    if request.method != "POST":
        if request_actor(request).account_id is not None:
            return HttpResponseRedirect(safe_next(request, _HOME))
        return _password_page(request, "")
    check_rate(request, "signin")
    login, password = request.POST.get("login", "")[:80], request.POST.get("password", "")[:200]
    try:
        account = check_official_password(login, password, address=address_of(request), now=now())
    except (SignInFailed, TooManyAttempts) as error:
        return _password_page(request, login, str(error), status=error.kind.value)
    keep_pending(request, Pending(account.id, safe_next(request, _HOME)), now=now())
    return HttpResponseRedirect("/signin/totp/")


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def ask_totp(request: HttpRequest) -> HttpResponse:
    """The second step: the code; at the first sign-in, the app is enrolled here."""
    pending = pending_of(request, now=now())
    if pending is None:
        return HttpResponseRedirect("/signin/official/")
    enrolled = get_profile(pending.account_id).has_totp
    if request.method != "POST":
        return _totp_page(request, pending.account_id, enrolled=enrolled)
    check_rate(request, "signin")
    code = request.POST.get("code", "").replace(" ", "")[:20]
    check = check_official_totp if enrolled else confirm_totp
    try:
        account = check(pending.account_id, code, address=address_of(request), now=now())
    except (SignInFailed, TooManyAttempts) as error:
        return _totp_page(request, pending.account_id, str(error), enrolled=enrolled, status=error.kind.value)
    if account.must_change_password:
        keep_pending(request, Pending(account.id, pending.next_url, code_was_right=True), now=now())
        return HttpResponseRedirect("/signin/password/")
    return begin_session(request, pending.account_id, pending.next_url, now=now())


@never_cache
@sensitive_post_parameters("new", "again")
@require_http_methods(["GET", "POST"])
def ask_new_password(request: HttpRequest) -> HttpResponse:
    """The third step, once: a password of one's own instead of the one that was given."""
    pending = pending_of(request, now=now())
    if pending is None or not pending.code_was_right:
        return HttpResponseRedirect("/signin/official/")
    if request.method != "POST":
        return render(request, "signin/new_password.html", {"narrow": True, "values": {}, "errors": {}})
    check_rate(request, "signin")
    new = request.POST.get("new", "")[:200]
    errors = {"again": ["两次输入的密码不一样。"]} if new != request.POST.get("again", "")[:200] else {}
    try:
        if not errors:
            set_first_password(pending.account_id, new, now=now())
    except WeakPassword as error:
        errors = {"new": [str(error)]}
    if errors:
        context = {"narrow": True, "values": {}, "errors": errors}
        return render(request, "signin/new_password.html", context, status=422)
    return begin_session(request, pending.account_id, pending.next_url, now=now())


def _password_page(request: HttpRequest, login: str, error: str = "", *, status: int = 200) -> HttpResponse:
    context = {
        "narrow": True,
        "values": {"login": login},
        "errors": {"": [error]} if error else {},
        "next": safe_next(request, ""),
    }
    return render(request, "signin/official.html", context, status=status)


def _totp_page(
    request: HttpRequest, account_id: UUID, error: str = "", *, enrolled: bool, status: int = 200
) -> HttpResponse:
    context = {"narrow": True, "values": {}, "errors": {"code": [error]} if error else {}}
    if not enrolled:
        enrolment = begin_totp(account_id, now=now())
        picture = segno.make(enrolment.uri, error="m").svg_inline(scale=5, border=4, light="#fff")
        context["picture"] = mark_safe(picture)  # noqa: S308  # drawn by us from an address of ours
        context["secret"] = " ".join(enrolment.secret[n : n + 4] for n in range(0, len(enrolment.secret), 4))
    return render(request, "signin/totp.html", context, status=status)
