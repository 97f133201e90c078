"""What I, or the company I act for, allowed: for what, until when, how it was used; taken back with one tap."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhicheng.apps.policies.public import CONSENT
from zhicheng.core.forms.public import list_drafts, owner_of, prefill_sources
from zhicheng.core.parties.errors import OutsideMandate
from zhicheng.core.parties.public import list_consents, request_actor, withdraw_consent
from zhicheng.core.parties.values import Actor, GivenConsent
from zhicheng.kit.clock import now
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.shared.signin import needs_account

HERE = "/my/consents/"
_DRAFT = "draft:"
_LABELS = {CONSENT: "政策消息"}


@never_cache
@require_GET
@needs_account
def consents(request: HttpRequest) -> HttpResponse:
    """Those in force first, then what is over."""
    actor = request_actor(request)
    if not (actor.may("services") or actor.may("policies")):
        raise OutsideMandate(act="查看企业的授权")
    given = list_consents(actor.party_id) if actor.party_id else []
    open_drafts = _open_drafts(actor)
    shown = [_shown(each, open_drafts) for each in given]
    context = {
        "section": "mine",
        "narrow": True,
        "mandate": actor.mandate,
        "current": [each for each in shown if each["is_current"]],
        "past": [each for each in shown if not each["is_current"]],
    }
    return render(request, "portal/consents.html", context)


@require_POST
@needs_account
def withdraw(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """Take one back, at once: nothing more is fetched. What a person has filled in already stays theirs."""
    check_rate(request, "submit")
    withdraw_consent(consent_id, actor=request_actor(request), now=now())
    messages.success(request, "已撤回，马上生效。表里已经填好的内容还在，您可以自己删改。")
    return HttpResponseRedirect(HERE)


def _open_drafts(actor: Actor) -> frozenset[str]:
    """The scopes that still can be used."""
    return frozenset(f"{_DRAFT}{draft.id}" for draft in list_drafts(owner_of(actor), now=now()))


def _shown(each: GivenConsent, open_drafts: frozenset[str]) -> dict[str, Any]:
    is_over = each.scope.startswith(_DRAFT) and each.scope not in open_drafts
    until = "到这张表提交或者删除为止" if each.scope.startswith(_DRAFT) else "直到您撤回"
    known = prefill_sources[each.source].label if each.source in prefill_sources else each.source
    return {
        "id": each.id,
        "label": _LABELS.get(each.source, known),
        "purpose": each.purpose,
        "given_at": each.given_at,
        "withdrawn_at": each.withdrawn_at,
        "until": until,
        "is_current": each.withdrawn_at is None and not is_over,
        "uses": each.uses,
    }
