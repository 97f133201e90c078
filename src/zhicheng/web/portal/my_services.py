"""My applications: the list with drafts, one application with its progress, its decision and its reasons."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from zhicheng.apps.services.public import PROCESSES, get_application, get_catalogue, saving_of
from zhicheng.apps.services.values import ApplicationInfo
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import (
    CaseDetails,
    Purpose,
    list_cases,
    list_children,
    process_of,
)
from zhicheng.core.cases.values import CaseFilter, CaseRow
from zhicheng.core.forms.public import get_submission, list_drafts, show_values
from zhicheng.core.parties.public import is_proven, request_actor
from zhicheng.kit.clock import now
from zhicheng.web.shared.deciding import why_views
from zhicheng.web.shared.form_pages import request_owner
from zhicheng.web.shared.owning import OwnerAct, act_as_owner, owned_case
from zhicheng.web.shared.presenting import due_view, open_clocks, tag_view, timeline, unit_name
from zhicheng.web.shared.signin import needs_account

OWNER_ACTIONS = frozenset({"correct", "withdraw", "request_review"})
_PAGE, _MOST_FILES = 20, 6


@require_GET
@needs_account
def my_services(request: HttpRequest) -> HttpResponse:
    """Drafts to go on with, then applications, newest first; items of a theme stand inside it."""
    words, after = request.GET.get("q", "").strip()[:100], request.GET.get("after", "")[:200]
    at, actor = now(), request_actor(request)
    wanted = CaseFilter(processes=PROCESSES, text=words, tops_only=True, order="newest")
    page = list_cases(actor, wanted, purpose=Purpose.OWN, after=after, limit=_PAGE)
    query = urlencode({"q": words})
    context = {
        "section": "mine",
        "narrow": True,
        "drafts": list_drafts(request_owner(request), now=at) if not after and not words else [],
        "things": [thing(row, at) for row in page.rows],
        "q": words,
        "search": {"action": "", "placeholder": "编号、事项", "value": words, "size": "small"},
        "pager": {
            "next_url": f"?{query}&after={page.after}" if page.after else "",
            "first_url": f"?{query}" if after else "",
        },
    }
    return render(request, "portal/services/mine.html", context)


@require_GET
@needs_account
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One application of mine."""
    return _page(request, owned_case(request, number, PROCESSES), {}, {})


@require_POST
@needs_account
def act_on(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Supply what was missing, withdraw, or ask for a person to look again."""
    details = owned_case(request, number, PROCESSES)
    if action not in OWNER_ACTIONS:
        raise CaseNotFound()
    given = {"text": request.POST.get("text", ""), "reason": request.POST.get("reason", "")}
    files = "" if action == "withdraw" else "files"
    refusal = act_as_owner(request, details, OwnerAct(action, given, files, _MOST_FILES))
    if refusal is not None:
        return _page(request, details, dict(request.POST.items()), refusal.errors, status=refusal.status)
    return HttpResponseRedirect(f"/my/services/{details.row.number}/")


def thing(row: CaseRow, at: Any) -> dict[str, Any]:
    """One of my applications with its next step, for portal/thing.html."""
    process, url = process_of(row.definition), f"/my/services/{row.number}/"
    needs_me = row.state == "correcting"
    return {
        "number": row.number,
        "title": row.title,
        "url": url,
        "tag": tag_view(row, process, at, public=True),
        "at": row.opened_at,
        "clock": None,
        "chip": due_view(row, at),
        "next": "" if row.final else f"{unit_name(row.unit)}：{process.states[row.state].public}。",
        "needs_me": needs_me,
        "action": {"label": "去补正", "url": f"{url}#correct"} if needs_me else None,
    }


def _page(request: HttpRequest, details: CaseDetails, values: Any, errors: Any, *, status: int = 200) -> HttpResponse:
    at, row = now(), details.row
    info = get_application(row.id)
    offered = {action.code for action in details.actions}
    url = f"/my/services/{row.number}"
    asked = next((item for item in reversed(details.history) if item.action == "request_correction"), None)
    context = {
        "section": "mine",
        "case": {"number": row.number, "title": row.title, "at": row.opened_at, "unit": unit_name(row.unit)},
        "tag": tag_view(row, details.process, at, public=True),
        "status_words": f"{details.public_state}。",
        "parent": _parent(details),
        "items": [_child(child, at) for child in _in_order(info, list_children(row.id))],
        "saving": _saving(info, row),
        "clocks": open_clocks(details, at),
        "events": timeline(details, names=False),
        "why": why_views(info),
        "prove_url": _prove_url(request, info, row),
        "answers": show_values(get_submission(info.submission), mask=False),
        "refusal": _refusal(details),
        "licence": _licence_words(info, row),
        "correction": asked.input.get("reason", "") if asked else "",
        "correct_url": f"{url}/correct/" if "correct" in offered else "",
        "withdraw_url": f"{url}/withdraw/" if "withdraw" in offered else "",
        "review_url": f"{url}/request_review/" if "request_review" in offered else "",
        "values": values,
        "errors": errors,
        "idempotency_key": uuid4().hex,
    }
    return render(request, "portal/services/detail.html", context, status=status)


def _parent(details: CaseDetails) -> dict[str, str] | None:
    parent = details.parent
    return {"label": parent.title, "url": f"/my/services/{parent.number}/"} if parent else None


def _in_order(info: ApplicationInfo, children: list[CaseRow]) -> list[CaseRow]:
    """The items of a theme in the order of its definition."""
    theme = get_catalogue().themes.get(info.theme)
    order = [step.item for step in theme.steps] if theme else []
    return sorted(children, key=lambda child: order.index(child.category) if child.category in order else 99)


def _child(child: CaseRow, at: Any) -> dict[str, Any]:
    process = process_of(child.definition)
    return {
        "label": child.title,
        "url": f"/my/services/{child.number}/",
        "unit": unit_name(child.unit),
        "tag": tag_view(child, process, at, public=True),
        "chip": due_view(child, at),
    }


def _saving(info: ApplicationInfo, row: CaseRow) -> Any:
    """What the items chosen save against doing each alone; None for a single item."""
    catalogue = get_catalogue()
    if info.item or info.theme not in catalogue.themes:
        return None
    chosen = frozenset(str(child.facts.get("item")) for child in list_children(row.id))
    return saving_of(catalogue.themes[info.theme], catalogue, chosen).saved


def _refusal(details: CaseDetails) -> dict[str, str] | None:
    if details.row.state not in {"refused", "settled"}:
        return None
    found = next((item for item in reversed(details.history) if item.action == "refuse"), None)
    given = found.input if found else {}
    return {"reason": str(given.get("reason", "")), "basis": str(given.get("basis", ""))}


def _prove_url(request: HttpRequest, info: ApplicationInfo, row: CaseRow) -> str:
    """Where to prove who one is, for an application that a person looks at because nobody had."""
    problems = info.decision.problems if info.decision else ()
    unproven = any(problem.kind == "unproven" for problem in problems) and not row.final
    if not unproven or is_proven(request_actor(request).party_id):
        return ""
    return f"/account/identity/?{urlencode({'next': request.path})}"


def _licence_words(info: ApplicationInfo, row: CaseRow) -> str:
    item = get_catalogue().items.get(info.item)
    return item.result if item and item.licence and row.state == "approved" else ""
