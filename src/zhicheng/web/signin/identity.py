"""Proving who I am: name and ID number, asked of the provider in use. Works without JavaScript."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhicheng.core.parties.errors import (
    IdentityFixed,
    IdentityNotMatching,
    IdentityTaken,
    IdentityUnavailable,
    TooManyAttempts,
)
from zhicheng.core.parties.public import (
    as_person,
    choose_membership,
    get_identity,
    identity_provers,
    prove_identity,
    refresh_companies,
    release_identity,
    request_actor,
)
from zhicheng.core.parties.values.identities import IdentityClaim
from zhicheng.kit.clock import now
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.shared.signin import needs_account
from zhicheng.web.signin.session import address_of, safe_next
from zhicheng.web.signin.shell import show_in_shell

HERE = "/account/identity/"
_REFUSALS = (IdentityNotMatching, IdentityUnavailable, IdentityTaken, IdentityFixed, TooManyAttempts)


@never_cache
@sensitive_post_parameters("name", "id_number", "token")
@require_http_methods(["GET", "POST"])
@needs_account
def identity(request: HttpRequest) -> HttpResponse:
    """Whether I am proven; the form where I am not, or where I want to be proven anew."""
    party = as_person(request_actor(request)).party_id
    if party is None:
        return HttpResponseRedirect("/account/")
    if request.method != "POST":
        return _page(request, party, {}, {})
    check_rate(request, "submit")
    given = {name: request.POST.get(name, "").strip()[:80] for name in ("name", "id_number")}
    claim = IdentityClaim(given["name"], given["id_number"], request.POST.get("token", "")[:4000])
    try:
        prove_identity(claim, actor=as_person(request_actor(request)), address=address_of(request), now=now())
    except FieldErrors as error:
        return _page(request, party, given, error.fields, status=422)
    except _REFUSALS as error:
        return _refused(request, party, given, error)
    refresh_companies(actor=as_person(request_actor(request)), now=now())
    messages.success(request, "实名认证完成。")
    return HttpResponseRedirect(safe_next(request, HERE))


@require_POST
@needs_account
def release(request: HttpRequest) -> HttpResponse:
    """End my proof here, so that another account of mine can have it."""
    check_rate(request, "submit")
    release_identity(actor=as_person(request_actor(request)), now=now())
    choose_membership(request, None)
    messages.success(request, "已解除实名。")
    return HttpResponseRedirect(HERE)


def _refused(request: HttpRequest, party: UUID, given: dict[str, str], error: ZhichengError) -> HttpResponse:
    field = "id_number" if isinstance(error, IdentityNotMatching | IdentityTaken | IdentityFixed) else ""
    return _page(request, party, given, {field: [str(error)]}, status=error.kind.value)


def _page(
    request: HttpRequest, party: UUID, values: dict[str, str], errors: dict[str, list[str]], *, status: int = 200
) -> HttpResponse:
    proven = get_identity(party)
    code = settings.IDENTITY_PROVER
    context: dict[str, Any] = {
        "proven": proven,
        "again": bool(errors) or "again" in request.GET,
        "provider": identity_provers[code].label,
        "is_demo": code == "demo",
        "proven_by": _label(proven.provider) if proven else "",
        "next": safe_next(request, ""),
        "values": values,
        "errors": errors,
    }
    return show_in_shell(request, "account/identity.html", context, status=status)


def _label(provider: str) -> str:
    return identity_provers[provider].label if provider in identity_provers else provider
