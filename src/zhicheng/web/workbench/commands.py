"""Asking the map in words: one box, the query as it was understood, the answer as a map and a table."""

import csv
import io
import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhicheng.apps.twin.public import (
    draft_act,
    get_watched,
    keep_asked,
    leave_out,
    list_asked,
    list_watched,
    run_understood,
    suggest_commands,
    understand_or_rewrite,
    understand_plain,
)
from zhicheng.apps.twin.values.commands import MOST_EXPORTED, MOST_ROWS, Answer, SavedQuestion, Scene, Understood
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import request_actor
from zhicheng.core.parties.values import Actor
from zhicheng.engines.commands.plain import to_plain
from zhicheng.engines.commands.values import Act, Command
from zhicheng.engines.commands.wording import Chip
from zhicheng.kit.clock import now
from zhicheng.kit.errors import ZhichengError
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.forms import new_key
from zhicheng.web.workbench.frame import show

HOME = "/workbench/twin/ask/"
_SHOWN = 200
_BOM = "\ufeff"  # by which spreadsheets know UTF-8
_EXAMPLES = (
    "福田区100米以上的办公楼",
    "离福田口岸2公里内还有空位的充电站",
    "上周龙岗区噪音投诉最多的十个社区",
    "南山区住满65岁老人最多的20栋楼",
    "各区按时办结率",
    "没有公厕的社区",
)


@never_cache
@require_GET
@needs_official()
def page(request: HttpRequest) -> HttpResponse:
    """The box; below it what was understood and the answer, if something was asked."""
    actor, at = request_actor(request), now()
    if chosen := _watched(request, actor):
        return HttpResponseRedirect(question_url(chosen))
    watched = [(each, question_url(each)) for each in list_watched(actor)]
    context: dict[str, Any] = {"examples": _EXAMPLES, "watched": watched, "search": _search(request)}
    context |= {"map": _map(), "drawn": scene_of(request).drawn}
    status = 200
    try:
        understood = asked_of(request)
        if understood is not None:
            answer = run_understood(understood, actor=actor, now=at, scene=scene_of(request))
            if not request.GET.get("c"):
                keep_asked(understood, actor=actor, now=at)
            context |= _shown(request, answer) | _drafted(request, answer)
    except ZhichengError as error:
        context["problem"], status = str(error), error.kind.value
    context["asked"] = list_asked(actor, limit=8)
    return show(request, "workbench/commands/ask.html", context, status=status)


@never_cache
@require_GET
@needs_official()
def features(request: HttpRequest) -> HttpResponse:
    """What the answer puts on the map."""
    answer = _answer(request, MOST_ROWS)
    return HttpResponse(answer.features, content_type="application/geo+json")


@never_cache
@require_GET
@needs_official()
def export(request: HttpRequest) -> HttpResponse:
    """The answer as a table for a spreadsheet."""
    answer = _answer(request, MOST_EXPORTED)
    kept = io.StringIO()
    lines = csv.writer(kept)
    lines.writerow([f"{column.label}（{column.unit}）" if column.unit else column.label for column in answer.columns])
    lines.writerows([[_cell(cell) for cell in row] for row in answer.rows])
    lines.writerow([])
    lines.writerow([f"查询：{answer.understood.sentence}"])
    lines.writerow([f"来源：{answer.source}"])
    response = HttpResponse(_BOM + kept.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="answer.csv"'
    return response


@require_GET
@needs_official()
def suggest(request: HttpRequest) -> HttpResponse:
    """How what is being typed may go on."""
    text = request.GET.get("q", "")[:200]
    rows = [{"label": line, "value": line, "icon": "search"} for line in suggest_commands(text)]
    return render(request, "components/suggestions.html", {"suggestions": rows})


def asked_of(request: HttpRequest) -> Understood | None:
    """What the address asks: words, or a query of which chips were taken away. None where it asks nothing.

    Raises:
        CommandUnusable: the query in the address is none.
    """
    given = request.GET if request.method == "GET" else request.POST
    text, plain = given.get("q", "").strip()[:200], given.get("c", "")
    if plain:
        try:
            found = json.loads(plain)
        except ValueError:
            found = {}
        return understand_plain(text, found if isinstance(found, dict) else {})
    return understand_or_rewrite(text, now=now()) if text else None


def _watched(request: HttpRequest, actor: Actor) -> SavedQuestion | None:
    """The question that a notice led to."""
    try:
        return get_watched(UUID(request.GET.get("watch", "")), actor)
    except ValueError:
        return None


def question_url(saved: SavedQuestion) -> str:
    """Where a watched question is answered."""
    plain = {"c": json.dumps(saved.plain, ensure_ascii=False)} if saved.plain else {}
    return f"{HOME}?{urlencode({'q': saved.text, **plain})}"


def scene_of(request: HttpRequest) -> Scene:
    """The box in view and the drawn shape, as the page's map sends them along."""
    given = request.GET if request.method == "GET" else request.POST
    numbers = [_number(part) for part in given.get("view", "").split(",")]
    known = [number for number in numbers if number is not None]
    view = (known[0], known[1], known[2], known[3]) if len(known) == len(numbers) == 4 else None
    return Scene(given.get("drawn", "")[:4000], view)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _answer(request: HttpRequest, limit: int) -> Answer:
    understood = asked_of(request) or Understood("")
    return run_understood(understood, actor=request_actor(request), now=now(), scene=scene_of(request), limit=limit)


def _search(request: HttpRequest) -> dict[str, Any]:
    return {
        "action": HOME,
        "id": "ask",
        "label": "问地图",
        "placeholder": "例如：福田区100米以上的办公楼",
        "value": request.GET.get("q", "")[:200],
        "button": "问",
        "suggestions_url": f"{HOME}suggest/",
    }


def _shown(request: HttpRequest, answer: Answer) -> dict[str, Any]:
    understood, command = answer.understood, answer.command
    if command is None:
        return {"refusal": answer.refusal, "text": understood.text, "indicators": _indicators(answer)}
    seen = {name: request.GET[name] for name in ("view", "drawn") if request.GET.get(name)}
    plain = json.dumps(to_plain(command), ensure_ascii=False)
    query = urlencode({"q": understood.text, "c": plain, **seen})
    return {
        "refusal": answer.refusal,
        "answer": answer,
        "text": understood.text,
        "chips": [_chip(understood, command, chip, seen) for chip in understood.chips],
        "rows": [_row(answer, index) for index in range(min(len(answer.rows), _SHOWN))],
        "shown": min(len(answer.rows), _SHOWN),
        "value": _cell(answer.value) if answer.value is not None else "",
        "plain": plain,
        "seen": seen,
        "idempotency_key": new_key(),
        "export_url": f"{HOME}answer.csv?{query}",
        "features_url": f"{HOME}features.json?{query}",
        "box": ",".join(f"{edge:.6f}" for edge in answer.box) if answer.box else "",
        "indicators": _indicators(answer),
        "left_out": "drawn" in seen and not any(place.kind == "drawn" for place in command.places),
        "parameters": {name: _cell(value) for name, value in answer.parameters.items()},
    }


def _map() -> dict[str, str]:
    center = current_pack().center
    return {
        "label": "结果在地图上的位置",
        "areas_url": "/areas/district.geojson",
        "center": f"{center[0]},{center[1]}",
    }


def _indicators(answer: Answer) -> list[tuple[str, str]]:
    """The pages of the indicators that were named, whether they or a table answered."""
    return [(f"/workbench/indicators/{code}/", label) for code, label in answer.understood.indicators]


def _chip(understood: Understood, command: Command, chip: Chip, seen: dict[str, str]) -> dict[str, str]:
    url = ""
    if chip.removable:
        left = leave_out(understood.text, command, chip.part, chip.index).command
        plain = json.dumps(to_plain(left), ensure_ascii=False) if left else ""
        url = f"{HOME}?{urlencode({'q': understood.text, 'c': plain, **seen})}"
    return {"text": chip.text, "url": url}


def _row(answer: Answer, index: int) -> dict[str, Any]:
    cells = [
        {"text": str(cell) if column.unit == "年" else _cell(cell), "number": column.number}
        for column, cell in zip(answer.columns, answer.rows[index], strict=True)
    ]
    key = answer.keys[index] if index < len(answer.keys) else ""
    return {"cells": cells, "key": key, "url": _url(answer, index, key)}


def _url(answer: Answer, index: int, key: str) -> str:
    command = answer.command
    if command is None or not key:
        return ""
    if command.by:
        return f"/workbench/twin/{command.by[0]}/{key}/" if command.by[0] in ("district", "street", "community") else ""
    if command.table == "case":
        place = next((i for i, column in enumerate(answer.columns) if column.code == "number"), None)
        return f"/workbench/cases/{answer.rows[index][place]}/" if place is not None else ""
    return f"/workbench/twin/{command.table}/{key}/" if answer.box is not None else ""


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _drafted(request: HttpRequest, answer: Answer) -> dict[str, Any]:
    command = answer.command
    if command is None or answer.refusal or command.act not in (Act.CASE, Act.TASK):
        return {}
    return {"draft": draft_act(answer, actor=request_actor(request))}
