"""The front page: one search box, my things with a next step, how an appeal goes, today's numbers."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhicheng.apps.appeals.public import PROCESS, get_taxonomy, today_numbers
from zhicheng.apps.services.public import get_catalogue
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import Purpose, get_case, list_cases, process_of
from zhicheng.core.cases.values import CaseFilter, CaseRow
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import CHINA, now
from zhicheng.kit.ids import is_case_number
from zhicheng.web.portal.services import found_rows, theme_card
from zhicheng.web.shared.following import page_of
from zhicheng.web.shared.presenting import due_view, tag_view, unit_name
from zhicheng.web.shared.remembered import Remembered

_STEPS = (
    {"title": "说一声", "text": "网页、电话都可以，马上得到编号。"},
    {"title": "10 分钟内响应", "text": "按职责清单找到承办单位，昼夜不停。"},
    {"title": "30 分钟内反馈", "text": "承办人联系您，说明打算怎么办、何时办好。"},
    {"title": "办结答复", "text": "附照片和依据。不满意，上一级 24 小时内跟进。"},
)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    at, actor = now(), request_actor(request)
    mine: list[dict[str, Any]] = []
    if actor.party_id is not None:
        rows = list_cases(actor, CaseFilter(process=PROCESS, order="newest"), purpose=Purpose.OWN, limit=3).rows
        mine = [thing(row, at) for row in rows]
    pack, catalogue = current_pack(), get_catalogue()
    counted_at, numbers = TODAY.get(at)
    context = {
        "section": "home",
        "search": {
            "action": "/search/",
            "placeholder": "想办什么？想问什么？想反映什么？",
            "value": "",
            "suggestions_url": "/services/suggest/",
        },
        "mine": mine,
        "mine_url": "/my/",
        "has_services": bool(catalogue.items),
        "themes": [theme_card(theme, catalogue) for theme in list(catalogue.themes.values())[:3]],
        "steps": _STEPS,
        "numbers": numbers,
        "numbers_words": f"截至今天 {counted_at.astimezone(CHINA):%H:%M}",
        "popular": [
            {"label": item, "url": f"/search/?q={quote(item)}"} for item in ("路灯不亮", "夜间施工噪声", "停水")
        ],
        "hotline": pack.text("hotline"),
    }
    return render(request, "portal/home.html", context)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """The one box: a number opens the case, words start an appeal with what was typed."""
    words = request.GET.get("q", "").strip()[:200]
    if not words:
        return HttpResponseRedirect("/")
    if is_case_number(words.upper()):
        return HttpResponseRedirect(_page_of_number(request, words.upper()))
    items = get_taxonomy().search(words, 8)
    context = {
        "section": "",
        "narrow": True,
        "q": words,
        "search": {"action": "/search/", "placeholder": "想办什么？想问什么？想反映什么？", "value": words},
        "services": found_rows(words),
        "services_url": f"/services/items/?q={quote(words)}",
        "items": [{"label": item.label, "path": " / ".join(item.path[:-1]), "days": item.limit_days} for item in items],
        "new_url": f"/appeals/new/?text={quote(words)}",
    }
    return render(request, "portal/search.html", context)


def _page_of_number(request: HttpRequest, number: str) -> str:
    """Where a case of one's own is shown; of anybody else's number it says nothing and leads where appeals are."""
    try:
        return page_of(get_case(request_actor(request), number, Purpose.OWN).row)
    except CaseNotFound:
        return f"/appeals/{quote(number)}/"


def thing(row: CaseRow, at: datetime) -> dict[str, Any]:
    """One of my appeals with its next step, for portal/thing.html."""
    process, url = process_of(row.definition), f"/appeals/{row.number}/"
    needs_me = row.state == "replied"
    words = {"replied": "已答复，请您评价。", "closed": "", "withdrawn": "", "merged": ""}
    return {
        "number": row.number,
        "title": row.title,
        "url": url,
        "tag": tag_view(row, process, at, public=True),
        "at": row.opened_at,
        "clock": None,
        "chip": due_view(row, at),
        "next": words.get(row.state, f"{unit_name(row.unit)}：{process.states[row.state].public}。"),
        "needs_me": needs_me,
        "action": {"label": "去评价", "url": f"{url}#rate"} if needs_me else None,
    }


def _numbers(at: datetime) -> list[dict[str, str]]:
    midnight = at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    found = today_numbers(midnight, midnight + timedelta(days=1), at)
    numbers = [
        {"label": "今天受理", "value": f"{found.opened:,}", "unit": "件"},
        {"label": "今天答复", "value": f"{found.replied:,}", "unit": "件"},
    ]
    for label, share in (("10 分钟响应", found.response), ("满意", found.positive)):
        if share is not None:
            numbers.append({"label": label, "value": f"{share:.1%}".rstrip("%"), "unit": "%"})
    return numbers


TODAY = Remembered(_numbers, timedelta(seconds=60))
