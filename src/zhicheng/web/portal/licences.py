"""The wallet: my licences, one of them with its code, its file, and the way to renew it."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhicheng.apps.licences.errors import LicenceNotInForce
from zhicheng.apps.licences.public import (
    get_my_licence,
    get_wallet,
    licence_credential,
    present_licence,
)
from zhicheng.apps.licences.values import STATE_WORDS, Licence, LicenceState
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.web.shared.signin import needs_account

_PAGE, _FEW = 20, 10
_TONES = {LicenceState.VALID: ("success", "badge-check"), LicenceState.NOT_YET: ("", "clock")}
_RENEWABLE = frozenset({LicenceState.VALID, LicenceState.EXPIRED})


@require_GET
@needs_account
def wallet(request: HttpRequest) -> HttpResponse:
    """My licences, newest first; what has ended is folded away; many can be searched."""
    words, after = request.GET.get("q", "").strip()[:60], _uuid(request.GET.get("after", ""))
    found = get_wallet(request_actor(request), now=now(), text=words)
    older = [each for each in found.current if after is None or each.id < after]
    query, page = {"q": words} if words else {}, older[:_PAGE]
    more = f"?{urlencode({**query, 'after': str(page[-1].id)})}" if len(older) > _PAGE else ""
    context = {
        "section": "",
        "narrow": True,
        "licences": [card(each) for each in page],
        "ended": [card(each) for each in found.ended] if after is None else [],
        "q": words,
        "total": found.total,
        "search": {"action": "", "placeholder": "证照名称、编号、持有人", "value": words, "size": "small"},
        "searchable": found.total > _FEW,
        "pager": {"next_url": more, "previous_url": f"?{urlencode(query)}" if after else ""},
    }
    return render(request, "portal/licences/wallet.html", context)


@never_cache
@require_GET
@needs_account
def licence(request: HttpRequest, number: str) -> HttpResponse:
    """One licence: its code to show, its lines, what can be done with it."""
    found = get_my_licence(request_actor(request), number[:40], now=now())
    context = {"section": "", "narrow": True, "licence": card(found), "fields": found.fields}
    return render(request, "portal/licences/licence.html", {**context, **_shown(request, found)})


@never_cache
@require_GET
@needs_account
def code(request: HttpRequest, number: str) -> HttpResponse:
    """The code alone, for the page that replaces it before it runs out."""
    found = get_my_licence(request_actor(request), number[:40], now=now())
    return render(request, "portal/licences/code.html", {"licence": card(found), **_shown(request, found)})


@never_cache
@require_GET
@needs_account
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """A sheet to print, with a code that paper can carry: longer valid than the phone's, and marked as printed."""
    found, at = get_my_licence(request_actor(request), number[:40], now=now()), now()
    shown = present_licence(request_actor(request), found.number, now=at, printed=True)
    link = f"{request.build_absolute_uri('/verify/')}#{shown.text}"
    context = {"section": "", "narrow": True, "licence": card(found), "fields": found.fields, "picture": _picture(link)}
    return render(request, "portal/licences/print.html", {**context, "at": at, "until": shown.expires_at})


@never_cache
@require_GET
@needs_account
def file(request: HttpRequest, number: str) -> HttpResponse:
    """The whole signed credential, to keep or to send to somebody who needs every line."""
    document = licence_credential(request_actor(request), number[:40])
    text = json.dumps(document, ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/vc")
    response["Content-Disposition"] = f'attachment; filename="{number[:40]}.json"'
    return response


def card(each: Licence) -> dict[str, Any]:
    """A licence as cards and lists show it."""
    tone, icon = _TONES.get(each.state, ("danger", "ban"))
    until = f"有效期至 {each.valid_until:%Y年%m月%d日}" if each.valid_until else "长期有效"
    url = f"/my/licences/{each.number}/"
    return {
        "number": each.number,
        "title": each.label,
        "holder": each.holder,
        "issuer": each.issuer,
        "tag": {"label": STATE_WORDS[each.state], "tone": tone, "icon": icon},
        "is_valid": each.state is LicenceState.VALID,
        "valid_words": until,
        "from_words": f"{each.valid_from:%Y年%m月%d日}",
        "reason": each.reason,
        "successor": each.replaced_by,
        "illustrative": each.illustrative,
        "url": url,
        "file_url": f"{url}file/",
        "code_url": f"{url}code/",
        "print_url": f"{url}print/" if each.state is LicenceState.VALID else "",
        "renew_url": f"{url}renew/" if each.renew_item and each.state in _RENEWABLE else "",
    }


def _shown(request: HttpRequest, found: Licence) -> dict[str, Any]:
    """The code of a licence in force; nothing for one that cannot be shown."""
    try:
        presentation = present_licence(request_actor(request), found.number, now=now())
    except LicenceNotInForce:
        return {"picture": "", "link": "", "lasts_s": 0}
    link = f"{request.build_absolute_uri('/verify/')}#{presentation.text}"
    lasts_s = int((presentation.expires_at - presentation.shown_at).total_seconds())
    return {"picture": _picture(link), "link": link, "lasts_s": lasts_s}


def _picture(link: str) -> SafeString:
    drawn = segno.make(link, error="l", micro=False, boost_error=False)
    return mark_safe(drawn.svg_inline(border=4, light="#fff", omitsize=True))  # noqa: S308  # drawn by us from our own text


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
