"""Finding a service: by words, by what happens in life, by department; its guide; a theme and what it saves."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhicheng.apps.services.public import (
    Catalogue,
    department_name,
    get_catalogue,
    list_items,
    saving_of,
    search_catalogue,
)
from zhicheng.apps.services.values import CatalogueFilter, Effort, Found, ServiceItem, Theme, Window

_PAGE = 20
_SHOWN_THEMES = 6
_WORTH = 4.0  # below this, words share a character by chance
SEARCH = {
    "action": "/services/items/",
    "placeholder": "想办什么？例如：生小孩、换驾照、开餐馆",
    "suggestions_url": "/services/suggest/",
}


@require_GET
def services(request: HttpRequest) -> HttpResponse:
    """The front of the catalogue: search, "one thing" themes, life events, departments."""
    catalogue = get_catalogue()
    audience = _audience(request)
    themes = [theme_card(theme, catalogue) for theme in catalogue.themes.values() if audience in theme.audience]
    context = {
        "section": "services",
        "search": {**SEARCH, "value": ""},
        "audience": audience,
        "themes": themes[:_SHOWN_THEMES] if request.GET.get("all") != "1" else themes,
        "more_themes": len(themes) - _SHOWN_THEMES if request.GET.get("all") != "1" else 0,
        "life_events": [event for event in catalogue.life_events if event.audience == audience],
        "departments": [
            {"code": code, "label": department_name(code), "count": count}
            for code, count in catalogue.departments().items()
        ],
        "count": len(catalogue.items),
        "online": sum(item.can_be_applied_for for item in catalogue.items.values()),
    }
    return render(request, "portal/services/front.html", context)


@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """A list of items and themes: searched or browsed."""
    catalogue, words = get_catalogue(), request.GET.get("q", "").strip()[:100]
    wanted = CatalogueFilter(
        audience=request.GET.get("for", "") if request.GET.get("for") in {"person", "company"} else "",
        life_event=request.GET.get("event", "")[:40],
        department=request.GET.get("department", "")[:40],
        online=request.GET.get("online") == "1",
        text=words,
        after=_number(request.GET.get("after", "")),
        limit=_PAGE,
    )
    page = list_items(wanted)
    query = {key: value for key, value in request.GET.items() if key != "after" and value}
    first = not wanted.after
    context = {
        "section": "services",
        "narrow": True,
        "search": {**SEARCH, "value": words},
        "q": words,
        "heading": _heading(wanted, catalogue),
        "themes": [theme_card(theme, catalogue) for theme in _themes(wanted, catalogue)] if first else [],
        "rows": [item_row(item) for item in page.items],
        "total": page.total,
        "online": wanted.online,
        "online_url": f"?{urlencode({**query, 'online': '' if wanted.online else '1'})}",
        "pager": {
            "next_url": f"?{urlencode({**query, 'after': page.after})}" if page.after else "",
            "first_url": f"?{urlencode(query)}" if not first else "",
            "words": f"共 {page.total} 个事项",
        },
        "new_url": f"/appeals/new/?{urlencode({'text': words})}" if words else "",
    }
    return render(request, "portal/services/items.html", context)


@require_GET
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """The guide of one item."""
    catalogue = get_catalogue()
    item = catalogue.item(code)
    context = {
        "section": "services",
        "narrow": True,
        "item": item,
        "department": department_name(item.department),
        "themes": catalogue.themes_with(code),
        "materials": [_material(need.code, need.required, need.note, catalogue) for need in item.materials],
        "windows": item.windows or [Window(department_name(item.department))],
        "apply_url": f"/services/items/{code}/apply/" if item.can_be_applied_for else item.apply_at,
    }
    return render(request, "portal/services/guide.html", context)


@require_GET
def theme(request: HttpRequest, code: str) -> HttpResponse:
    """A theme: what it contains, in which order, what is asked for once, what it saves."""
    catalogue = get_catalogue()
    found = catalogue.theme(code)
    saving = saving_of(found, catalogue)
    steps = [
        {
            "item": catalogue.items[step.item],
            "department": department_name(catalogue.items[step.item].department),
            "after": [catalogue.items[earlier].label for earlier in step.after],
            "optional": step.optional,
            "when": step.when,
        }
        for step in found.steps
    ]
    context = {
        "section": "services",
        "narrow": True,
        "theme": found,
        "steps": steps,
        "saving": saving,
        "compare": _compare(saving),
        "materials": _theme_materials(found, catalogue),
        "apply_url": f"/services/themes/{code}/apply/" if found.form else "",
    }
    return render(request, "portal/services/theme.html", context)


@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """Suggestions as one types."""
    words = request.GET.get("q", "").strip()[:60]
    found = search_catalogue(words, limit=8) if len(words) > 1 else []
    return render(request, "components/suggestions.html", {"suggestions": [_suggestion(hit) for hit in found]})


def found_rows(words: str, limit: int = 6) -> list[dict[str, Any]]:
    """Services for the one search box of the front page."""
    return [{"label": hit.label, "url": url_of(hit), "theme": hit.kind == "theme"} for hit in _good(words, limit)]


def _good(words: str, limit: int) -> list[Found]:
    """Hits that are worth showing beside other things: not far below the best."""
    hits = search_catalogue(words, limit=limit)
    return [hit for hit in hits if hit.score > max(hits[0].score * 0.4, _WORTH)]


def url_of(hit: Found) -> str:
    """Where a hit is shown."""
    return f"/services/{'themes' if hit.kind == 'theme' else 'items'}/{hit.code}/"


def item_row(item: ServiceItem) -> dict[str, Any]:
    """One line of a list."""
    return {
        "label": item.label,
        "url": f"/services/items/{item.code}/",
        "department": department_name(item.department),
        "online": item.can_be_applied_for,
        "instant": bool(item.decide),
        "days": item.promised_working_days,
    }


def theme_card(theme: Theme, catalogue: Catalogue) -> dict[str, Any]:
    """A theme with its saving in few words."""
    saved = saving_of(theme, catalogue).saved
    return {
        "label": theme.label,
        "url": f"/services/themes/{theme.code}/",
        "summary": theme.summary,
        "count": len(theme.steps),
        "saved": saved_words(saved),
    }


def saved_words(saved: Effort) -> str:
    """What is saved, in words; what is not, is not mentioned."""
    parts = [
        (saved.trips, f"少跑 {saved.trips} 次"),
        (saved.materials, f"少交 {saved.materials} 份材料"),
        (saved.days, f"快 {saved.days} 个工作日"),
    ]
    return "，".join(words for number, words in parts if number > 0)


def _suggestion(hit: Found) -> dict[str, str]:
    kind, icon = ("一件事", "list-checks") if hit.kind == "theme" else ("事项", "file-text")
    return {"label": hit.label, "url": url_of(hit), "kind": kind, "icon": icon}


def _audience(request: HttpRequest) -> str:
    return "company" if request.GET.get("for") == "company" else "person"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _heading(wanted: CatalogueFilter, catalogue: Catalogue) -> str:
    if wanted.text:
        return f"“{wanted.text}”"
    events = {event.code: event.label for event in catalogue.life_events}
    if wanted.life_event:
        return events.get(wanted.life_event, "全部事项")
    return department_name(wanted.department) if wanted.department else "全部事项"


def _themes(wanted: CatalogueFilter, catalogue: Catalogue) -> list[Theme]:
    if wanted.text:
        hits = search_catalogue(wanted.text, limit=12)
        return [catalogue.themes[hit.code] for hit in hits if hit.kind == "theme"][:3]
    if wanted.life_event:
        return [theme for theme in catalogue.themes.values() if wanted.life_event in theme.life_events]
    return []


def _material(code: str, required: bool, note: str, catalogue: Catalogue) -> dict[str, Any]:
    material = catalogue.materials.get(code)
    return {
        "label": material.label if material else code,
        "held": bool(material and material.licence),
        "required": required,
        "note": note or (material.note if material else ""),
    }


def _theme_materials(theme: Theme, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Every material of the theme once, with how many items use it."""
    uses: dict[str, list[ServiceItem]] = {}
    required = set[str]()
    for item in catalogue.items_of(theme):
        for need in item.materials:
            uses.setdefault(need.code, []).append(item)
            required |= {need.code} if need.required else set()
    rows = [
        {**_material(code, code in required, "", catalogue), "uses": [item.label for item in items]}
        for code, items in uses.items()
    ]
    return sorted(rows, key=lambda row: (row["held"], not row["required"]))


def _compare(saving: Any) -> list[dict[str, Any]]:
    words = (
        ("links", "环节", "个"),
        ("days", "时间", "个工作日"),
        ("trips", "跑动", "次"),
        ("materials", "材料", "份"),
    )
    return [
        {
            "label": label,
            "alone": getattr(saving.alone, name),
            "together": getattr(saving.together, name),
            "saved": getattr(saving.saved, name),
            "unit": unit,
        }
        for name, label, unit in words
    ]
