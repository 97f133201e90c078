"""My own: everything with a next step on one page, my appeals, my messages."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from zhicheng.apps.appeals.public import PROCESS
from zhicheng.apps.licences.public import list_my_licences
from zhicheng.apps.services.public import PROCESSES
from zhicheng.core.cases.public import Purpose, list_cases
from zhicheng.core.cases.values import CaseFilter
from zhicheng.core.forms.public import list_drafts
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.web.edge.context import inboxes
from zhicheng.web.portal.home import thing
from zhicheng.web.portal.my_services import thing as service_thing
from zhicheng.web.shared.form_pages import request_owner
from zhicheng.web.shared.notices import notices_context
from zhicheng.web.shared.signin import needs_account

_PAGE, _SHOWN = 20, 5


@require_GET
@needs_account
def hub(request: HttpRequest) -> HttpResponse:
    """What I have going on, what I hold, where everything else is."""
    at, actor = now(), request_actor(request)
    wanted = CaseFilter(processes=PROCESSES | {PROCESS}, tops_only=True, open_only=True, order="newest")
    rows = list_cases(actor, wanted, purpose=Purpose.OWN, limit=_SHOWN).rows
    context = {
        "section": "mine",
        "narrow": True,
        "things": [thing(row, at) if row.process == PROCESS else service_thing(row, at) for row in rows],
        "drafts": list_drafts(request_owner(request), now=at)[:_SHOWN],
        "licences": list_my_licences(actor, now=at, limit=_SHOWN).licences,
    }
    return render(request, "portal/my.html", context)


@require_GET
@needs_account
def my_appeals(request: HttpRequest) -> HttpResponse:
    """My appeals: search, open or done, newest first."""
    words, state = request.GET.get("q", "").strip()[:100], request.GET.get("state", "")
    wanted = CaseFilter(
        process=PROCESS, text=words, open_only=state == "open", done_only=state == "done", order="newest"
    )
    after = request.GET.get("after", "")[:200]
    page = list_cases(request_actor(request), wanted, purpose=Purpose.OWN, after=after, limit=_PAGE)
    at = now()
    query = urlencode({"q": words, "state": state})
    pager = {
        "next_url": f"?{query}&after={page.after}" if page.after else "",
        "first_url": f"?{query}" if after else "",
    }
    context = {
        "section": "mine",
        "narrow": True,
        "things": [thing(row, at) for row in page.rows],
        "q": words,
        "state": state,
        "search": {"action": "", "placeholder": "编号、内容", "value": words, "size": "small"},
        "pager": pager,
    }
    return render(request, "portal/my_appeals.html", context)


@require_http_methods(["GET", "POST"])
@needs_account
def messages(request: HttpRequest) -> HttpResponse:
    """My messages; POST marks all as read."""
    actor = request_actor(request)
    context = notices_context(request, inboxes(actor), "/my/messages/")
    if context is None:
        return HttpResponseRedirect("/my/messages/")
    return render(request, "portal/messages.html", {"section": "messages", "narrow": True, **context})
