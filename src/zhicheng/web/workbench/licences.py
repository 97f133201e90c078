"""Licences at the desk of the unit that issued them: found, read for a purpose, suspended, resumed, revoked."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhicheng.apps.licences.errors import LicenceReasonMissing
from zhicheng.apps.licences.public import (
    get_unit_licence,
    list_licence_types,
    list_unit_licences,
    resume_licence,
    reveal_licence,
    revoke_licence,
    suspend_licence,
)
from zhicheng.apps.licences.values import STATE_WORDS, Licence, LicenceFilter, LicenceState
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.forms import new_key
from zhicheng.web.workbench.frame import show
from zhicheng.web.workbench.once import once

_PAGE = 25
_TONES = {LicenceState.VALID: "success", LicenceState.NOT_YET: ""}
_ACTS: dict[str, tuple[Callable[..., Licence], str]] = {
    "revoke": (revoke_licence, "已吊销，持有人会收到消息。"),
    "suspend": (suspend_licence, "已暂停使用，持有人会收到消息。"),
    "resume": (resume_licence, "已恢复使用，持有人会收到消息。"),
}
_PURPOSES = (("renewal", "办理续期或变更"), ("inspection", "监督检查"), ("complaint", "处理投诉或异议"))


@require_GET
@needs_official("licences.read")
def licences(request: HttpRequest) -> HttpResponse:
    """Licences of my units, newest first, by number or type."""
    given = request.GET
    types = [(each.code, each.label) for each in list_licence_types()]
    chosen = given.get("type", "") if given.get("type", "") in dict(types) else ""
    wanted = LicenceFilter(number=given.get("q", "").strip()[:40], type=chosen)
    after = _uuid(given.get("after", ""))
    page = list_unit_licences(request_actor(request), wanted, now=now(), after=after, limit=_PAGE)
    query = {"q": wanted.number, "type": wanted.type}
    context = {
        "filters": {
            "action": request.path,
            "q": wanted.number,
            "placeholder": "证照编号",
            "fields": [{"name": "type", "label": "种类", "value": chosen, "options": types}],
            "saved": [],
            "clear_url": request.path if given else "",
        },
        "licences": [_row(each) for each in page.licences],
        "pager": {
            "next_url": f"?{urlencode({**query, 'after': str(page.after)})}" if page.after else "",
            "previous_url": f"?{urlencode(query)}" if after else "",
            "words": f"每页 {_PAGE} 本，新签发的在前",
        },
    }
    return show(request, "workbench/licences/list.html", context)


@never_cache
@require_GET
@needs_official("licences.read")
def licence(request: HttpRequest, number: str) -> HttpResponse:
    """One licence, masked, with what may be done."""
    return _page(request, get_unit_licence(request_actor(request), number[:40], now=now()))


@never_cache
@require_POST
@needs_official("licences.read")
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Every line of it, once, for a stated purpose; the ledger keeps who looked and why."""
    actor = request_actor(request)
    found = get_unit_licence(actor, number[:40], now=now())
    purpose = dict(_PURPOSES).get(request.POST.get("purpose", ""))
    if purpose is None:
        return _page(request, found, errors={"purpose": ["请选择查看用途。"]}, status=422)
    opened = reveal_licence(found.number, actor=actor, purpose=purpose, now=now())
    return _page(request, opened, revealed=True)


@require_POST
@needs_official("licences.read")
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Revoke, suspend or resume, with a reason; once however often the form is sent."""
    actor = request_actor(request)
    found = get_unit_licence(actor, number[:40], now=now())
    operation, words = _ACTS[action]
    reason = request.POST.get(f"{action}_reason", "").strip()[:200]
    if not reason:
        return _page(request, found, errors={f"{action}_reason": [str(LicenceReasonMissing(what="理由"))]}, status=422)

    def change() -> dict[str, str]:
        return {"number": operation(found.number, actor=actor, reason=reason, now=now()).number}

    once(request, f"licences:{action}", {"number": found.number, "reason": reason}, change)
    messages.success(request, words)
    return HttpResponseRedirect(f"/workbench/licences/{found.number}/")


def _page(
    request: HttpRequest,
    found: Licence,
    *,
    errors: dict[str, list[str]] | None = None,
    revealed: bool = False,
    status: int = 200,
) -> HttpResponse:
    permissions = request_actor(request).permissions
    may_act = "licences.manage" in permissions
    context = {
        "licence": _row(found),
        "fields": found.fields,
        "revealed": revealed,
        "options": {"purpose": _PURPOSES},
        "can_reveal": "parties.reveal" in permissions and not revealed,
        "can_suspend": may_act and found.state in {LicenceState.VALID, LicenceState.NOT_YET},
        "can_resume": may_act and found.state is LicenceState.SUSPENDED,
        "can_revoke": may_act and found.state not in {LicenceState.REVOKED, LicenceState.REPLACED},
        "values": {},
        "errors": errors or {},
        "idempotency_key": new_key(),
    }
    return show(request, "workbench/licences/licence.html", context, status=status)


def _row(each: Licence) -> dict[str, Any]:
    return {
        "number": each.number,
        "title": each.label,
        "holder": each.holder,
        "issuer": each.issuer,
        "tag": {"label": STATE_WORDS[each.state], "tone": _TONES.get(each.state, "danger"), "icon": ""},
        "issued_at": each.issued_at,
        "valid_words": f"{each.valid_until:%Y年%m月%d日}" if each.valid_until else "长期",
        "reason": each.reason,
        "successor": each.replaced_by,
        "url": f"/workbench/licences/{each.number}/",
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
