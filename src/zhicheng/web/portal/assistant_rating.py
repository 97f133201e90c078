"""What people think of an answer."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from zhicheng.apps.assistant.public import get_terms, rate
from zhicheng.apps.assistant.values import Rate
from zhicheng.kit.clock import now
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.portal.assistant_owning import conversation_owner
from zhicheng.web.shared.conversations import turn_view


@require_POST
def rate_turn(request: HttpRequest, conversation_id: UUID, turn_id: UUID) -> HttpResponse:
    """Keep a rating; a script gets the rated part, a page goes back to the answer."""
    check_rate(request, "assistant")
    owner = conversation_owner(request)
    reasons = "、".join(each[:20] for each in request.POST.getlist("reason")[:5])
    note = request.POST.get("note", "").strip()[:150]
    said = "；".join(part for part in (reasons, note) if part)
    turn = rate(Rate(conversation_id, turn_id, request.POST.get("good") == "1", owner, said), now=now())
    action = f"/assistant/{conversation_id}/"
    if request.headers.get("X-Requested-With") == "fetch":
        context = {"turn": turn_view(turn), "action": action, "terms": get_terms()}
        return render(request, "portal/assistant/rating.html", context)
    return HttpResponseRedirect(f"{action}#turn-{turn.seq}")
