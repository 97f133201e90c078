"""The rows behind an indicator's value, page by page, and its series as a table for a spreadsheet."""

import csv
import io
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhicheng.apps.governance.public import (
    area_name,
    explain,
    get_catalogue,
    get_indicator,
    latest_values,
    require_rows,
    series,
    words_of,
)
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import CHINA
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.frame import show

VIEW = "cockpit.view"
_BOM = "\ufeff"  # by which spreadsheets know UTF-8
_ROWS = 50


@never_cache
@require_GET
@needs_official(VIEW)
def rows(request: HttpRequest, code: str) -> HttpResponse:
    """A page of rows; only of areas that the official governs, or where their unit owns the indicator."""
    indicator, area = get_indicator(code), request.GET.get("area", "")[:15]
    require_rows(request_actor(request), indicator, area)
    period = request.GET.get("period", "")[:13] or latest_values(area, [code])[code].period
    after = request.GET.get("after", "")[:120]
    found = explain(code, area, period, after=after, count=_ROWS) if period else None
    place = urlencode({"area": area, "period": period})
    context = {
        "indicator": indicator,
        "area": area_name(area or current_pack().city_division),
        "period": period,
        "value": words_of(found.value, indicator) if found else "—",
        "reason": found.reason if found else "还没有计算",
        "is_as_of": found.is_as_of if found else True,
        "columns": [label for _, label in found.columns] if found else [],
        "rows": [[_cell(cell) for cell in row] for row in found.rows] if found else [],
        "back_url": f"/workbench/indicators/{code}/?{urlencode({'area': area})}",
        "pager": {
            "previous_url": f"?{place}" if after else "",
            "next_url": f"?{place}&{urlencode({'after': found.after})}" if found and found.after else "",
            "words": "",
        },
    }
    return show(request, "workbench/indicators/rows.html", context)


def _cell(value: Any) -> dict[str, str]:
    """A cell in words; numbers of cases lead to the case."""
    if isinstance(value, datetime):
        return {"text": f"{value.astimezone(CHINA):%Y-%m-%d %H:%M}", "url": ""}
    if isinstance(value, bool):
        return {"text": "是" if value else "否", "url": ""}
    prefix = current_pack().number_prefix
    is_case = isinstance(value, str) and value.startswith(prefix) and value[len(prefix) : len(prefix) + 6].isdecimal()
    return {"text": "—" if value is None else str(value), "url": f"/workbench/cases/{value}/" if is_case else ""}


@never_cache
@require_GET
@needs_official(VIEW)
def export(request: HttpRequest, code: str) -> HttpResponse:
    """The series as CSV; a gap is empty and says why."""
    indicator, area, step = get_indicator(code), request.GET.get("area", "")[:15], request.GET.get("step", "")
    steps = get_catalogue().bases[indicator.base].steps
    kept = io.StringIO()
    lines = csv.writer(kept)
    lines.writerow(["时段", f"{indicator.label}（{indicator.unit}）", "没有值的原因"])
    for point in series(code, area, step if step in steps else ""):
        lines.writerow([point.period, "" if point.value is None else point.value, point.reason])
    response = HttpResponse(_BOM + kept.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}.csv"'
    return response
