"""Signing in of residents: telephone number, then the code that came by SMS. Works without JavaScript.

The number travels in the form, not in the session: nothing readable is kept on the server between the two steps.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhicheng.core.parties.errors import (
    AccountDisabled,
    CodeNotSent,
    CodeTooSoon,
    CodeWrong,
    InvalidIdentifier,
    TooManyAttempts,
    TooManyCodes,
)
from zhicheng.core.parties.public import mask_phone, parse_mobile, request_actor, request_sms_code, sign_in_resident
from zhicheng.kit.clock import now
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.signin.session import address_of, begin_session, safe_next

_HOME = "/my/appeals/"
Errors = dict[str, list[str]]


@never_cache
@sensitive_post_parameters("phone")
@require_http_methods(["GET", "POST"])
def ask_phone(request: HttpRequest) -> HttpResponse:
    """The first page: a telephone number; POST sends the code and shows the second page."""
    if request.method != "POST":
        if request_actor(request).account_id is not None:
            return HttpResponseRedirect(safe_next(request, "/account/"))
        return _phone_page(request, "", {})
    check_rate(request, "signin")
    phone = request.POST.get("phone", "").strip()[:40]
    try:
        request_sms_code(phone, address=address_of(request), now=now())
    except CodeTooSoon as error:
        return _code_page(request, phone, {}, notice=str(error))  # the code on its way still counts
    except (InvalidIdentifier, TooManyCodes, TooManyAttempts, CodeNotSent) as error:
        return _phone_page(request, phone, {"phone": [str(error)]}, status=error.kind.value)
    return _code_page(request, phone, {})


@never_cache
@sensitive_post_parameters("phone", "code")
@require_POST
def check_code(request: HttpRequest) -> HttpResponse:
    """The second page: the code; a right one signs in."""
    check_rate(request, "signin")
    phone, code = request.POST.get("phone", "").strip()[:40], request.POST.get("code", "").strip()[:20]
    try:
        account = sign_in_resident(phone, code, now=now())
    except InvalidIdentifier as error:
        return _phone_page(request, phone, {"phone": [str(error)]}, status=422)
    except (CodeWrong, AccountDisabled) as error:
        return _code_page(request, phone, {"code": [str(error)]}, status=error.kind.value)
    return begin_session(request, account.id, safe_next(request, _HOME), now=now())


def _phone_page(request: HttpRequest, phone: str, errors: Errors, *, status: int = 200) -> HttpResponse:
    context = {"narrow": True, "values": {"phone": phone}, "errors": errors, "next": safe_next(request, "")}
    return render(request, "signin/phone.html", context, status=status)


def _code_page(
    request: HttpRequest, phone: str, errors: Errors, *, notice: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "narrow": True,
        "values": {},
        "errors": errors,
        "next": safe_next(request, ""),
        "phone": phone,
        "phone_masked": mask_phone(parse_mobile(phone)),
        "notice": notice,
    }
    return render(request, "signin/code.html", context, status=status)
