"""For leaders: what each theme has really saved people, a theme and in sum, to read, print and take along."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhicheng.apps.services.public import finished_savings, sum_savings
from zhicheng.apps.services.values import ThemeSaving
from zhicheng.kit.clock import CHINA, now
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.frame import show

READ = "cockpit.view"
_PERIODS = {"month": "本月", "year": "今年", "all": "全部"}
_PARTS = (("links", "环节", "个"), ("days", "时间", "个工作日"), ("trips", "跑动", "次"), ("materials", "材料", "份"))
_BOM = "\ufeff"  # by which spreadsheets know UTF-8


@never_cache
@require_GET
@needs_official(READ)
def savings(request: HttpRequest) -> HttpResponse:
    """The page: tiles for the city, a line a theme."""
    at, period = now(), _period(request)
    found = finished_savings(_start(period, at), at)
    total = sum_savings(found)
    until = f"{at.astimezone(CHINA):%Y年%m月%d日 %H:%M}"
    context = {
        "words": f"{_PERIODS[period]}办结的一件事，截至 {until}；由办结的工单实时计算",
        "periods": [(f"?period={code}", label, code == period) for code, label in _PERIODS.items()],
        "tiles": [_tile(label, unit, getattr(total.saving.saved, code)) for code, label, unit in _PARTS],
        "finished": total.finished,
        "rows": [_row(each) for each in found],
        "total": _row(total),
        "parts": [f"{label}（{unit}）" for _, label, unit in _PARTS],
        "export_url": f"/workbench/reports/savings.csv?period={period}",
    }
    return show(request, "workbench/savings.html", context)


@never_cache
@require_GET
@needs_official(READ)
def export(request: HttpRequest) -> HttpResponse:
    """The same as a table for a spreadsheet."""
    at, period = now(), _period(request)
    found = finished_savings(_start(period, at), at)
    kept = io.StringIO()
    csv.writer(kept).writerows(_lines(found))
    response = HttpResponse(_BOM + kept.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"savings-{period}-{at.astimezone(CHINA):%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(found: list[ThemeSaving]) -> Iterator[list[str | int]]:
    heads = [f"{label}（{unit}）：{what}" for _, label, unit in _PARTS for what in ("分开办", "一起办", "节省")]
    yield ["一件事", "代码", "办结（件）", *heads]
    for each in (*found, sum_savings(found)):
        saving = each.saving
        numbers = [
            number
            for code, _, _ in _PARTS
            for number in (getattr(saving.alone, code), getattr(saving.together, code), getattr(saving.saved, code))
        ]
        yield [each.label or "合计", each.theme, each.finished, *numbers]


def _row(each: ThemeSaving) -> dict[str, Any]:
    saving = each.saving
    cells = [
        {
            "alone": getattr(saving.alone, code),
            "together": getattr(saving.together, code),
            "words": _words(getattr(saving.saved, code)),
        }
        for code, _, _ in _PARTS
    ]
    return {"label": each.label, "finished": each.finished, "cells": cells}


def _words(saved: int) -> str:
    """What took more than alone is said, not hidden."""
    return f"少 {saved:,}" if saved >= 0 else f"多 {-saved:,}"


def _tile(label: str, unit: str, saved: int) -> dict[str, Any]:
    words = {"环节": "少走的环节", "时间": "少等的时间", "跑动": "少跑的次数", "材料": "少交的材料"}[label]
    return {
        "label": words,
        "value": f"{saved:,}",
        "unit": unit,
        "state": "",
        "state_words": "",
        "change": "",
        "values": [],
    }


def _period(request: HttpRequest) -> str:
    asked = request.GET.get("period", "year")
    return asked if asked in _PERIODS else "year"


def _start(period: str, at: datetime) -> datetime:
    day = at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0, day=1)
    return {"month": day, "year": day.replace(month=1)}.get(period, day.replace(year=2000, month=1))
