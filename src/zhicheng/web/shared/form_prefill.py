"""Asking a person which sources may fill in their form, each on its own, and saying what came of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from zhicheng.core.forms.errors import DraftChanged
from zhicheng.core.forms.public import agree_to_source, get_draft, list_offered_sources, prefill_draft
from zhicheng.core.forms.values import Draft, PrefillAsk, SourceAnswer
from zhicheng.core.parties.public import is_proven, request_actor
from zhicheng.kit.clock import now
from zhicheng.web.shared.form_pages import request_owner

_TIMEOUT_S = 3.0


def offer_sources(request: HttpRequest, draft: Draft, next_url: str) -> HttpResponse:
    """The page before the first section. POST `source` (several) agrees to each and asks them all; none goes on.

    Where a source failed, the page says which, and the person goes on from there; else they go on at once.
    """
    actor = request_actor(request)
    offered = list_offered_sources(draft, actor.party_id)
    if request.method != "POST":
        return HttpResponseRedirect(next_url) if not offered else _page(request, draft, next_url, ())
    known = {source.code for source in offered}
    chosen = [code for code in dict.fromkeys(request.POST.getlist("source")) if code in known]
    if not chosen or actor.party_id is None:
        return HttpResponseRedirect(next_url)
    for code in chosen:
        agree_to_source(draft, code, actor=actor, now=now())
    answers = _ask(request, draft, chosen)
    if any(answer.failure for answer in answers):
        newest = get_draft(draft.id, owner=request_owner(request), now=now())
        return _page(request, newest, next_url, answers)
    return HttpResponseRedirect(next_url)


def _ask(request: HttpRequest, draft: Draft, chosen: list[str]) -> tuple[SourceAnswer, ...]:
    """Ask once more where another device saved meanwhile: prefilling never overwrites what a person typed."""
    owner, actor = request_owner(request), request_actor(request)
    ask = PrefillAsk(draft.id, draft.version, tuple(chosen), actor, _TIMEOUT_S)
    try:
        return prefill_draft(ask, owner=owner, now=now()).answers
    except DraftChanged:
        newest = get_draft(draft.id, owner=owner, now=now())
        again = PrefillAsk(newest.id, newest.version, tuple(chosen), actor, _TIMEOUT_S)
        return prefill_draft(again, owner=owner, now=now()).answers


def _page(request: HttpRequest, draft: Draft, next_url: str, answers: tuple[SourceAnswer, ...]) -> HttpResponse:
    actor = request_actor(request)
    said = {answer.source: answer for answer in answers}
    sources = [_source(one, said.get(one.code)) for one in list_offered_sources(draft, actor.party_id)]
    context = {
        "section": "",
        "narrow": True,
        "form": draft.form,
        "sources": sources,
        "next_url": next_url,
        "asked": bool(answers),
        "signed_in": actor.party_id is not None,
        "prove_url": "" if is_proven(actor.party_id) else f"/account/identity/?next={request.path}",
    }
    return render(request, "shared/form_sources.html", context)


def _source(offered: Any, answer: SourceAnswer | None) -> dict[str, Any]:
    return {
        "code": offered.code,
        "label": offered.label,
        "purpose": offered.purpose,
        "consented": offered.consented,
        "failure": answer.failure if answer else "",
        "filled": len(answer.filled) if answer else 0,
    }
