"""Whom I act for: myself or a company; and, for who represents a company, whom else it lets act. Without JavaScript."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhicheng.core.parties.errors import MembershipNotFound, NotPermitted
from zhicheng.core.parties.public import (
    as_person,
    authorise_agent,
    choose_membership,
    end_membership,
    is_proven,
    list_members,
    list_memberships,
    refresh_companies,
    request_actor,
    take_up_membership,
)
from zhicheng.core.parties.values.members import REPRESENTATIVE, SCOPES, NewAgent
from zhicheng.kit.clock import CHINA, now
from zhicheng.kit.errors import FieldErrors
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.shared.signin import needs_account
from zhicheng.web.signin.session import safe_next
from zhicheng.web.signin.shell import show_in_shell

HERE, AGENTS = "/account/companies/", "/account/companies/agents/"
Errors = dict[str, list[str]]


@never_cache
@require_GET
@needs_account
def companies(request: HttpRequest) -> HttpResponse:
    """The companies that I may act for, and the switch."""
    actor = request_actor(request)
    if actor.party_id is None:
        return HttpResponseRedirect("/account/")
    context = {
        "memberships": list_memberships(actor, now=now()),
        "mandate": actor.mandate,
        "represents": actor.mandate is not None and actor.mandate.role == REPRESENTATIVE,
        "proven": is_proven(actor.person_id),
        "next": safe_next(request, ""),
    }
    return show_in_shell(request, "account/companies.html", context)


@require_POST
@needs_account
def refresh(request: HttpRequest) -> HttpResponse:
    """Ask the company register of which companies I am the legal representative."""
    check_rate(request, "submit")
    actor = as_person(request_actor(request))
    if not is_proven(actor.party_id):
        return HttpResponseRedirect(f"/account/identity/?next={HERE}")
    if refresh_companies(actor=actor, now=now()):
        messages.success(request, "已向企业登记库查询。")
    else:
        messages.warning(request, "企业登记库现在没有答复，请过几分钟再试。")
    return HttpResponseRedirect(HERE)


@require_POST
@needs_account
def act_for(request: HttpRequest) -> HttpResponse:
    """Act for a company from now on, or (`membership` empty) for myself."""
    wanted = _uuid(request.POST.get("membership", ""))
    if wanted is not None:
        try:
            take_up_membership(wanted, actor=as_person(request_actor(request)), now=now())
        except NotPermitted as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(HERE)
    elif request.POST.get("membership"):
        raise MembershipNotFound()
    choose_membership(request, wanted)
    return HttpResponseRedirect(safe_next(request, "/my/"))


@never_cache
@sensitive_post_parameters("phone", "name")
@require_http_methods(["GET", "POST"])
@needs_account
def agents(request: HttpRequest) -> HttpResponse:
    """Who may act for the company that I represent, and the form to authorise somebody."""
    actor = request_actor(request)
    if actor.mandate is None or actor.mandate.role != REPRESENTATIVE:
        return HttpResponseRedirect(HERE)
    if request.method != "POST":
        return _agents_page(request, {"ends": (_today() + timedelta(days=365)).isoformat()}, {})
    check_rate(request, "submit")
    values: dict[str, Any] = {name: request.POST.get(name, "").strip()[:60] for name in ("phone", "name", "ends")}
    values["scopes"] = [code for code in request.POST.getlist("scopes") if code in SCOPES]
    agent = NewAgent(values["phone"], values["name"], frozenset(values["scopes"]), _end_of(values["ends"]))
    try:
        authorise_agent(agent, actor=actor, now=now())
    except FieldErrors as error:
        return _agents_page(request, values, error.fields, status=422)
    messages.success(request, "已授权。对方用这个手机号登录并实名以后，就可以代表企业办事。")
    return HttpResponseRedirect(AGENTS)


@require_POST
@needs_account
def end(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Revoke an agent of my company, or lay down what a company gave to me. At once."""
    check_rate(request, "submit")
    actor = request_actor(request)
    end_membership(membership_id, actor=actor, now=now())
    messages.success(request, "已收回授权，马上生效。")
    return HttpResponseRedirect(AGENTS if actor.mandate and actor.mandate.role == REPRESENTATIVE else HERE)


def _agents_page(request: HttpRequest, values: dict[str, Any], errors: Errors, *, status: int = 200) -> HttpResponse:
    actor = request_actor(request)
    context = {
        "mandate": actor.mandate,
        "members": list_members(actor, now=now()),
        "scopes": [(code, label, code in values.get("scopes", SCOPES)) for code, label in SCOPES.items()],
        "values": values,
        "errors": errors,
    }
    return show_in_shell(request, "account/agents.html", context, status=status)


def _end_of(text: str) -> datetime:
    """The end of a day in China; a moment long ago where it is no day, which is refused as too early."""
    try:
        day = date.fromisoformat(text)
        return datetime.combine(day + timedelta(days=1), time(0), CHINA)
    except (ValueError, OverflowError):
        return datetime(2000, 1, 1, tzinfo=CHINA)


def _today() -> date:
    return now().astimezone(CHINA).date()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
