"""What may follow an answer: watch it, end that, make the case or task that was drafted, forget one's history."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from zhicheng.apps.twin.public import Yes, do_act, end_watch, forget_asked, watch_question
from zhicheng.apps.twin.values.commands import Understood
from zhicheng.core.ledger.public import idempotency_key
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.kit.errors import ZhichengError
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.commands import HOME, asked_of, scene_of
from zhicheng.web.workbench.once import once


@require_POST
@needs_official()
def watch(request: HttpRequest) -> HttpResponse:
    """Tell me when this answer changes."""
    try:
        understood = asked_of(request)
        if understood is not None:
            _watch_once(request, understood)
            messages.success(request, "已订阅。结果变化时会给您发消息。")
    except ZhichengError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(HOME)


@require_POST
@needs_official()
def unwatch(request: HttpRequest, number: UUID) -> HttpResponse:
    """Tell me no more."""
    end_watch(number, actor=request_actor(request), now=now())
    messages.success(request, "已取消订阅。")
    return HttpResponseRedirect(HOME)


@require_POST
@needs_official()
def act(request: HttpRequest) -> HttpResponse:
    """Make the case or task that was shown."""
    understood = asked_of(request)
    if understood is None:
        return HttpResponseRedirect(HOME)
    actor, unit, text = request_actor(request), request.POST.get("unit", ""), request.POST.get("text", "")[:2000]
    body = {**_asked(request), "unit": unit, "text": text}
    try:
        key = idempotency_key(f"twin:act:{actor.ref}", request.POST.get("idempotency_key", ""), body)
        opened = do_act(Yes(understood, unit, text, key, scene_of(request)), actor=actor, now=now())
    except ZhichengError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(HOME)
    messages.success(request, f"已生成任务 {opened.number}。")
    return HttpResponseRedirect(f"/workbench/cases/{opened.number}/")


@require_POST
@needs_official()
def forget(request: HttpRequest) -> HttpResponse:
    """Empty my history."""
    forget_asked(actor=request_actor(request))
    return HttpResponseRedirect(HOME)


def _watch_once(request: HttpRequest, understood: Understood) -> None:
    actor, at = request_actor(request), now()
    once(
        request,
        "twin:watch",
        _asked(request),
        lambda: {"watched": str(watch_question(understood, actor=actor, now=at))},
    )


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("q", "c", "view", "drawn")}
