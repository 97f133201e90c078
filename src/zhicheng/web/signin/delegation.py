"""An official lends an own role to a colleague for a time, and takes it back."""

from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhicheng.core.parties.errors import AccountNotFound, GrantNotFound, GrantRefused
from zhicheng.core.parties.public import (
    delegate_role,
    end_delegation,
    list_given_delegations,
    list_held_grants,
    request_actor,
)
from zhicheng.core.parties.values import HeldGrant, NewDelegation
from zhicheng.kit.clock import CHINA, now
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.signin.shell import show_in_shell
from zhicheng.web.workbench.forms import new_key
from zhicheng.web.workbench.once import once

Errors = dict[str, list[str]]


@never_cache
@require_http_methods(["GET", "POST"])
@needs_official()
def delegation(request: HttpRequest) -> HttpResponse:
    """What I lent, and the form to lend."""
    if request.method != "POST":
        return _page(request, {}, {})
    values = {name: request.POST.get(name, "").strip()[:80] for name in ("grant", "to", "start", "end")}
    errors = _delegate(request, values)
    if errors:
        return _page(request, values, errors)
    messages.success(request, "委托已生效，操作记录已写入账本。")
    return HttpResponseRedirect("/account/delegation/")


@require_POST
@needs_official()
def end(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Take back one delegation; pressed twice, it is taken back once."""

    def take_back() -> dict[str, bool]:
        end_delegation(grant_id, actor=request_actor(request), now=now())
        return {"ended": True}

    once(request, "delegation-end", {"grant": str(grant_id)}, take_back)
    messages.success(request, "委托已收回。")
    return HttpResponseRedirect("/account/delegation/")


def _delegate(request: HttpRequest, values: dict[str, str]) -> Errors:
    at = now()
    errors: Errors = {}
    start, end_day = _day(values["start"]), _day(values["end"])
    if start is None:
        errors["start"] = ["请选择开始日期。"]
    if end_day is None:
        errors["end"] = ["请选择结束日期。"]
    if not values["to"]:
        errors["to"] = ["请填写同事的登录名。"]
    if start is None or end_day is None or errors:
        return errors
    begins = max(_midnight(start), at)
    try:
        wanted = NewDelegation(UUID(values["grant"]), values["to"], begins, _midnight(end_day + timedelta(days=1)))
        once(request, "delegation", values, partial(_lend, request, wanted, at))
    except (ValueError, GrantNotFound):
        return {"grant": ["请选择一项您自己的角色。"]}
    except AccountNotFound:
        return {"to": ["没有这个登录名，或者账号已停用。"]}
    except GrantRefused as error:
        return {"": [str(error)]}
    return {}


def _lend(request: HttpRequest, wanted: NewDelegation, at: datetime) -> dict[str, bool]:
    delegate_role(wanted, actor=request_actor(request), now=at)
    return {"lent": True}


def _page(request: HttpRequest, values: dict[str, str], errors: Errors) -> HttpResponse:
    actor, at = request_actor(request), now()
    today = at.astimezone(CHINA).date()
    held: list[HeldGrant] = []
    given: list[HeldGrant] = []
    if actor.account_id is not None:
        held = [grant for grant in list_held_grants(actor.account_id, now=at) if not grant.delegated_by]
        given = list_given_delegations(actor.account_id, now=at)
    context = {
        "idempotency_key": new_key(),
        "values": values or {"start": today.isoformat()},
        "errors": errors,
        "options": {"grant": [(str(grant.id), f"{grant.role_label} · {grant.unit_name}") for grant in held]},
        "held": held,
        "given": given,
        "today": today.isoformat(),
    }
    return show_in_shell(request, "account/delegation.html", context, status=422 if errors else 200)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), CHINA)
