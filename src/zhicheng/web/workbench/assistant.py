"""The clerk's desk: conversations that were handed over, what the city knows while one types, the answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from zhicheng.apps.assistant.public import answer_as_clerk, conversation_of, draft_answer, suggest, task_lines
from zhicheng.apps.assistant.values import ClerkAnswer
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import CaseDetails, Purpose, get_case, list_cases, process_of
from zhicheng.core.cases.values import CaseFilter, CaseRow
from zhicheng.core.ledger.public import idempotency_key
from zhicheng.core.parties.public import get_masked_party, request_actor
from zhicheng.kit.clock import now
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.web.shared.conversations import turn_view
from zhicheng.web.shared.presenting import due_view, open_clocks, tag_view, unit_name
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.forms import new_key
from zhicheng.web.workbench.frame import show

CLERKS = ("cases.handle", "cases.triage")
TALKS, ENTRIES = "handover", "knowledge_entry"
_SHOWN = 50
_ASKED = frozenset({"ask", "apply"})


@require_GET
@needs_official(*CLERKS)
def desk(request: HttpRequest) -> HttpResponse:
    """Who waits, who is being talked to, and the work list of knowledge."""
    context = {"talks": _open(request, TALKS, ""), "entries": _open(request, ENTRIES, "entries/")}
    return show(request, "workbench/assistant/desk.html", context)


@require_GET
@needs_official(*CLERKS)
def page(request: HttpRequest, number: str) -> HttpResponse:
    """One conversation with its draft, its sources, and the box for the answer."""
    return _page(request, _talk(request, number))


@require_POST
@needs_official(*CLERKS)
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Say something to the person; pressed twice it is said once."""
    details = _talk(request, number)
    text, propose = request.POST.get("text", "")[:4000], request.POST.get("propose") == "yes"
    key = _key(request, details, text)
    command = ClerkAnswer(details.row.id, text, propose=propose, key=key)
    try:
        answer_as_clerk(command, actor=request_actor(request), now=now())
    except FieldErrors as error:
        return _page(request, details, text=text, errors=error.fields, status=422)
    except ZhichengError as error:
        fresh = _talk(request, number)
        return _page(request, fresh, text=text, errors={"": [str(error)]}, status=error.kind.value)
    messages.success(request, "已答复。" + ("答案进了知识整理清单。" if propose else ""))
    return HttpResponseRedirect(f"/workbench/assistant/{details.row.number}/")


@require_POST
@needs_official(*CLERKS)
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """Let the assistant draft: the text goes into the box, a person checks and sends it."""
    details = _talk(request, number)
    text = draft_answer(details.row.id, actor=request_actor(request), now=now())
    if not text:
        messages.info(request, "知识库里没有找到相近的内容。")
    return _page(request, details, text=text)


@require_GET
@needs_official(*CLERKS, "appeals.take_call")
def suggestions(request: HttpRequest) -> HttpResponse:
    """What the city knows for what is being typed."""
    words = (request.GET.get("q", "") or request.GET.get("text", "")).strip()[:200]
    found = suggest(words, actor=request_actor(request), now=now())
    return render(request, "workbench/assistant/suggestions.html", {"found": found, "q": words})


def _talk(request: HttpRequest, number: str) -> CaseDetails:
    """The case of a conversation, for officials whom it concerns.

    Raises:
        CaseNotFound: there is none, or it does not concern the official.
    """
    details = get_case(request_actor(request), number[:40], Purpose.WORK)
    if details.row.process != TALKS:
        raise CaseNotFound()
    return details


def _page(
    request: HttpRequest,
    details: CaseDetails,
    *,
    text: str = "",
    errors: Mapping[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    at, row = now(), details.row
    conversation = conversation_of(row.id)
    context = {
        "case": row,
        "tag": tag_view(row, details.process, at),
        "unit": unit_name(row.unit),
        "who": get_masked_party(row.requester).name if row.requester else "没有登录的咨询人",
        "turns": [turn_view(turn) for turn in conversation.turns],
        "task": task_lines(row.id, now=at),
        "sources": _sources([turn_view(turn) for turn in conversation.turns]),
        "clocks": open_clocks(details, at),
        "may": {action.code for action in details.actions},
        "text": text,
        "errors": errors or {},
        "idempotency_key": new_key(),
        "question": next((turn.question for turn in reversed(conversation.turns) if turn.intent in _ASKED), ""),
    }
    return show(request, "workbench/assistant/talk.html", context, status=status)


def _sources(turns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the assistant has quoted so far, each once, the newest first."""
    found = {each["source"]: each for turn in turns for each in turn["answer"]["sources"]}
    return list(found.values())[::-1][:8]


def _open(request: HttpRequest, process: str, prefix: str) -> list[dict[str, Any]]:
    wanted, at = CaseFilter(process=process, open_only=True), now()
    rows = list_cases(request_actor(request), wanted, purpose=Purpose.WORK, limit=_SHOWN).rows
    return [_line(row, prefix, at) for row in rows]


def _line(row: CaseRow, prefix: str, at: datetime) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "url": f"/workbench/assistant/{prefix}{row.number}/",
        "unit": unit_name(row.unit),
        "tag": tag_view(row, process_of(row.definition), at),
        "clock": due_view(row, at),
    }


def _key(request: HttpRequest, details: CaseDetails, text: str) -> Any:
    sent = request.POST.get("idempotency_key", "")
    scope = f"desk:{request_actor(request).ref}:{details.row.number}"
    return idempotency_key(scope, sent, {"text": text}) if sent else None
