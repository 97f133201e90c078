"""Acting on cases from the workbench: one, or many at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import CaseDetails, act, get_case
from zhicheng.core.cases.values import ActCommand
from zhicheng.core.ledger.public import idempotency_key, recall
from zhicheng.core.ledger.values import IdempotencyKey
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.web.edge.errors import wants_json
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.applications import read_licence_lines
from zhicheng.web.workbench.cases import case_page
from zhicheng.web.workbench.forms import is_done_here, read_input
from zhicheng.web.workbench.queues import BULK, QueueNotFound

_MOST_AT_ONCE = 50


@require_POST
@needs_official()
def act_on(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Carry out an action; what was typed stays on the page when it is refused."""
    actor = request_actor(request)
    try:
        details = get_case(actor, number[:40])
    except CaseNotFound:
        if _was_done(request, number, action):
            messages.success(request, f"{number[:40]}：已完成。")
            return HttpResponseRedirect("/workbench/")
        raise
    if not is_done_here(details, action):
        raise CaseNotFound()
    typed = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    try:
        _act(request, details, action)
    except FieldErrors as error:
        if wants_json(request):
            raise
        return case_page(request, details, open_action=action, values=typed, errors=error.fields, status=422)
    except ZhichengError as error:
        if wants_json(request):
            raise
        fresh = get_case(actor, number[:40])
        shown = {"action": [str(error)]}
        return case_page(request, fresh, open_action=action, values=typed, errors=shown, status=error.kind.value)
    messages.success(request, f"{details.row.number}：已完成。")
    return HttpResponseRedirect(_next(request, details))


@require_POST
@needs_official()
def bulk(request: HttpRequest, code: str) -> HttpResponse:
    """Carry out one action on many cases; each succeeds or fails by itself, and the failures are named."""
    actor, at = request_actor(request), now()
    allowed = {action["code"] for action in BULK.get(code, [])}
    action = request.POST.get("action", "") or request.POST.get("bulk", "")
    if action not in allowed:
        raise QueueNotFound()
    process, done, failed = code.partition(".")[0], 0, []
    for number in request.POST.getlist("case")[:_MOST_AT_ONCE]:
        try:
            row = get_case(actor, number[:40]).row
            if row.process != process:
                raise CaseNotFound()
            key = _bulk_key(request, row.number, action)
            act(ActCommand(row.id, action, expected_version=row.version, key=key), actor, at)
            done += 1
        except ZhichengError as error:
            failed.append(f"{number}：{error}")
    if done:
        messages.success(request, f"已完成 {done} 件。")
    for sentence in failed[:10]:
        messages.error(request, sentence)
    return HttpResponseRedirect(f"/workbench/queues/{code}/")


def _act(request: HttpRequest, details: CaseDetails, action: str) -> None:
    actor, at = request_actor(request), now()
    definition = details.process.actions.get(action)
    given = (read_input(request, definition) if definition else {}) | read_licence_lines(request)
    if action == "note" and "note" in request.POST:
        given["text"] = request.POST["note"]
    version = request.POST.get("version", "")
    key = _key(request, details.row.number, action)
    act(ActCommand(details.row.id, action, given, int(version) if version.isdecimal() else 0, key=key), actor, at)


def _bulk_key(request: HttpRequest, number: str, action: str) -> IdempotencyKey | None:
    """One key a case: a list that is sent again acts on what is left of it."""
    sent = request.POST.get("idempotency_key", "")
    scope = f"bulk:{request_actor(request).ref}:{number}:{action}"
    return idempotency_key(scope, sent, {"number": number}) if sent else None


def _key(request: HttpRequest, number: str, action: str) -> IdempotencyKey | None:
    """The key of one sending of a form: pressed twice, it acts once."""
    sent = request.POST.get("idempotency_key", "")
    body = {name: value for name, value in request.POST.items() if name not in {"csrfmiddlewaretoken", "version"}}
    return idempotency_key(f"act:{request_actor(request).ref}:{number}:{action}", sent, body) if sent else None


def _was_done(request: HttpRequest, number: str, action: str) -> bool:
    """Whether this very form has acted before and the case has left the actor's units since."""
    key = _key(request, number.strip().upper()[:40], action)
    return key is not None and recall(key, now=now()) is not None


def _next(request: HttpRequest, details: CaseDetails) -> str:
    """Back to the case; to the start when it has left my units."""
    try:
        get_case(request_actor(request), details.row.number)
    except ZhichengError:
        return "/workbench/"
    return f"/workbench/cases/{details.row.number}/"
