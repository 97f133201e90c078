"""Payment of benefits: batches for the bank, files that come back, what failed and was corrected."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhicheng.apps.benefits.errors import ReturnRefused
from zhicheng.apps.benefits.public import (
    FailedPayment,
    count_waiting,
    list_batches,
    list_failed,
    make_batch,
    period_words,
    read_batch,
    reissue_payment,
    take_return,
    yuan,
)
from zhicheng.apps.benefits.values import PAYMENT_LABELS, Batch
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.kit.errors import ZhichengError
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.benefits import PAY, tabs
from zhicheng.web.workbench.forms import new_key
from zhicheng.web.workbench.frame import show
from zhicheng.web.workbench.once import once

PAGE = "/workbench/benefits/payments/"
_MOST_SHOWN = 50


@never_cache
@require_GET
@needs_official(PAY)
def payments(request: HttpRequest) -> HttpResponse:
    """Batches, what waits, what failed."""
    return _page(request, {})


@require_POST
@needs_official(PAY)
def batch(request: HttpRequest) -> HttpResponse:
    """Make a batch of all that waits; once however often the form is sent."""
    actor = request_actor(request)
    try:
        once(request, "benefits:batch", {}, lambda: {"number": make_batch(actor=actor, now=now()).number})
    except ZhichengError as error:
        return _page(request, {"": [str(error)]}, status=error.kind.value)
    messages.success(request, "批次已生成，请下载支付文件交给银行。")
    return HttpResponseRedirect(PAGE)


@never_cache
@require_GET
@needs_official(PAY)
def file(request: HttpRequest, number: str) -> HttpResponse:
    """The file for the bank."""
    name, content = read_batch(number.strip().upper()[:40], actor=request_actor(request), now=now())
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@needs_official(PAY)
def take(request: HttpRequest) -> HttpResponse:
    """Take a return file in: whole, or refused with the list of what is wrong."""
    given = request.FILES.get("file")
    if given is None:
        return _page(request, {"file": ["请选择银行的回盘文件"]}, status=422)
    try:
        report = take_return(given.read(), actor=request_actor(request), now=now())
    except ReturnRefused as error:
        faults = [f"第 {fault.line} 行：{fault.text}" for fault in error.data["faults"]][:_MOST_SHOWN]
        return _page(request, {"file": [str(error)]}, faults=faults, status=422)
    counts = f"到账 {report.paid}，失败 {report.failed}，退回 {report.returned}，未变 {report.unchanged}"
    words = f"回盘 {report.number}：{counts}。"
    messages.success(request, "这份回盘以前收过，没有任何变化。" if report.repeated else words)
    return HttpResponseRedirect(PAGE)


@require_POST
@needs_official(PAY)
def reissue(request: HttpRequest, payment: int) -> HttpResponse:
    """What made it fail was corrected: into the next batch."""
    reason = request.POST.get("reason", "").strip()[:200]
    try:
        reissue_payment(payment, actor=request_actor(request), now=now(), reason=reason)
    except ZhichengError as error:
        return _page(request, {"": [str(error)]}, status=error.kind.value)
    messages.success(request, "已更正，放入下一批发放。")
    return HttpResponseRedirect(PAGE)


def _page(request: HttpRequest, errors: Any, *, faults: Any = (), status: int = 200) -> HttpResponse:
    ready, unconfirmed = count_waiting()
    context = {
        "tabs": tabs(request),
        "ready": ready,
        "unconfirmed": unconfirmed,
        "batches": [_batch(each) for each in list_batches()],
        "failed": [_failed(each) for each in list_failed()],
        "faults": faults,
        "errors": errors,
        "values": {},
        "idempotency_key": new_key(),
    }
    return show(request, "workbench/benefits/payments.html", context, status=status)


def _batch(each: Batch) -> dict[str, Any]:
    states = "，".join(f"{PAYMENT_LABELS[state]} {count}" for state, count in sorted(each.states.items()))
    return {
        "number": each.number,
        "at": each.created_at,
        "count": each.count,
        "total": yuan(each.total_cents),
        "states": states,
        "digest": each.digest,
        "url": f"{PAGE}{each.number}/file/" if each.file else "",
    }


def _failed(each: FailedPayment) -> dict[str, Any]:
    return {
        "id": each.id,
        "reference": each.reference,
        "label": each.benefit,
        "period": period_words(each.period),
        "amount": yuan(each.amount_cents),
        "state": PAYMENT_LABELS[each.state],
        "reason": each.reason,
        "at": each.at,
        "url": f"{PAGE}{each.id}/reissue/",
    }
