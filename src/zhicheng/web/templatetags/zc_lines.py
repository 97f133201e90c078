"""A series as a line of plain SVG: gaps stay gaps, thresholds and target are dashed, the numbers stand in a table."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from zhicheng.web.templatetags.zc_charts import axis_lines, dashed_line

register = template.Library()

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 14, 30
_ACROSS = (LEFT, WIDTH - RIGHT)
_LABELS = 6  # so many periods are written under the axis


@register.simple_tag
def line_chart(points: Sequence[dict[str, Any]], label: str, lines: Sequence[dict[str, Any]] = ()) -> SafeString:
    """`points`: period, value (None is a gap). `lines`: value, tone; drawn across. Nothing known draws nothing."""
    known = [float(point["value"]) for point in points if point["value"] is not None]
    if not known:
        return SafeString("")
    low, high = _range([*known, *(float(line["value"]) for line in lines)])
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        f"{label}：{len(known)} 个时段有值，最近一个是 {known[-1]:g}",
        _axis(low, high),
        format_html_join("", "{}", ((_across(line, low, high),) for line in lines)),
        format_html_join("", "{}", ((part,) for part in _runs(points, low, high))),
        _names(points),
    )


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    if low >= 0 and low < high * 0.6:
        low = 0.0
    return (low, high) if high > low else (low - 1, high + 1)


def _x(index: int, count: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (index / (count - 1) if count > 1 else 0.5)


def _y(value: float, low: float, high: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low)


def _axis(low: float, high: float) -> SafeString:
    marks = [low + (high - low) * share / 4 for share in range(5)]
    return axis_lines(_ACROSS, [(f"{mark:.4g}", _y(mark, low, high)) for mark in marks])


def _across(line: dict[str, Any], low: float, high: float) -> SafeString:
    return dashed_line(_ACROSS, _y(float(line["value"]), low, high), line.get("tone") or "quiet")


def _runs(points: Sequence[dict[str, Any]], low: float, high: float) -> Iterator[SafeString]:
    """Each run of known values as a line; one that stands alone as a dot."""
    run: list[tuple[float, float]] = []
    for index, point in enumerate([*points, {"value": None}]):
        if point["value"] is not None:
            run.append((_x(index, len(points)), _y(float(point["value"]), low, high)))
            continue
        if len(run) == 1:
            yield format_html('<circle class="fill-action" cx="{}" cy="{}" r="3.5"></circle>', *map(_short, run[0]))
        elif run:
            text = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
            yield format_html('<polyline class="stroke-action" points="{}" stroke-width="2.5"></polyline>', text)
        run = []


def _short(number: float) -> str:
    return f"{number:.1f}"


def _names(points: Sequence[dict[str, Any]]) -> SafeString:
    every = max(1, -(-len(points) // _LABELS))
    shown = [(index, point) for index, point in enumerate(points) if (len(points) - 1 - index) % every == 0]
    return format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (_short(_x(index, len(points))), HEIGHT - 8, _anchor(index, len(points)), str(point["period"])[-5:])
            for index, point in shown
        ),
    )


def _anchor(index: int, count: int) -> str:
    if index == count - 1:
        return "end"
    return "start" if index == 0 else "middle"
