"""Small charts as plain SVG: no script, printable, coloured by the tokens, with the numbers in words beside them."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

SPARK_WIDTH, SPARK_HEIGHT, MARGIN = 160, 40, 4
CHART_WIDTH, CHART_HEIGHT = 420, 230  # close to the size it is shown at, so that letters keep theirs
LEFT, RIGHT, TOP, BOTTOM = 42, 6, 12, 28


@register.simple_tag
def sparkline(values: Sequence[float], label: str = "趋势", target: float | str | None = None) -> SafeString:
    """A trend without axes; a dashed line marks the target ("" from a template means none).

    Fewer than two values draw nothing.
    """
    if len(values) < 2:
        return SafeString("")
    target = None if isinstance(target, str) else target
    low, high = _range(values, target)
    step = (SPARK_WIDTH - 2 * MARGIN) / (len(values) - 1)
    dots = [(MARGIN + index * step, _height(value, low, high)) for index, value in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)
    area = f"{MARGIN},{SPARK_HEIGHT} {line} {SPARK_WIDTH - MARGIN},{SPARK_HEIGHT}"
    goal = SafeString("")
    if target is not None:
        goal = format_html(
            '<line class="stroke-quiet" x1="0" x2="{}" y1="{y}" y2="{y}" stroke-dasharray="3 3"></line>',
            SPARK_WIDTH,
            y=f"{_height(target, low, high):.1f}",
        )
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<polygon class="fill-area" points="{}"></polygon>{}'
        '<polyline class="stroke-action" points="{}" stroke-width="2" vector-effect="non-scaling-stroke">'
        "</polyline></svg>",
        SPARK_WIDTH,
        SPARK_HEIGHT,
        f"{label}：从 {values[0]:g} 到 {values[-1]:g}",
        area,
        goal,
        line,
    )


@register.simple_tag
def share_bar(value: float, total: float, tone: str = "action") -> SafeString:
    """A horizontal bar for the compare list: `value` of `total`."""
    width = 100 * value / total if total else 0
    return format_html(
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="fill-quiet" width="100" height="10"></rect>'
        '<rect class="fill-{}" width="{}" height="10"></rect></svg>',
        tone,
        f"{max(0.0, min(100.0, width)):.1f}",
    )


@register.simple_tag
def columns_chart(rows: Sequence[dict[str, Any]], label: str, target: float | str | None = None) -> SafeString:
    """Columns with an axis; the same rows stand in the table beneath.

    `rows`: label (three characters at most), value, tone (optional).
    """
    target = None if isinstance(target, str) else target
    highest = max([float(row["value"]) for row in rows] + [target or 0.0, 1.0])
    top = _round_up(highest)
    slot = (CHART_WIDTH - LEFT - RIGHT) / max(len(rows), 1)
    parts = [_column(row, index, slot, top) for index, row in enumerate(rows)]
    lines = [(top * share / 4, _chart_y(top * share / 4, top)) for share in range(5)]
    across = (LEFT, CHART_WIDTH - RIGHT)
    axis = axis_lines(across, [(f"{value:g}", y) for value, y in lines])
    goal = dashed_line(across, _chart_y(target, top)) if target is not None else SafeString("")
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        CHART_WIDTH,
        CHART_HEIGHT,
        label,
        axis,
        format_html_join("", "{}", ((part,) for part in parts)),
        goal,
    )


def _column(row: dict[str, Any], index: int, slot: float, top: float) -> SafeString:
    y = _chart_y(float(row["value"]), top)
    middle = LEFT + slot * (index + 0.5)
    return format_html(
        '<rect class="fill-{}" x="{}" y="{}" width="{}" height="{}" rx="2"></rect>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        row.get("tone") or "action",
        f"{middle - slot * 0.3:.1f}",
        f"{y:.1f}",
        f"{slot * 0.6:.1f}",
        f"{CHART_HEIGHT - BOTTOM - y:.1f}",
        f"{middle:.1f}",
        CHART_HEIGHT - 8,
        row["label"],
    )


def axis_lines(across: tuple[int, int], marks: Sequence[tuple[str, float]]) -> SafeString:
    """Lines from one x to another, each at its y with its words before it."""
    left, right = across
    return format_html_join(
        "",
        '<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"></line><text x="{}" y="{}" text-anchor="end">{}</text>',
        ((left, right, f"{y:.1f}", f"{y:.1f}", left - 6, f"{y + 4:.1f}", words) for words, y in marks),
    )


def dashed_line(across: tuple[int, int], y: float, tone: str = "quiet") -> SafeString:
    """A target or threshold."""
    return format_html(
        '<line class="stroke-{}" x1="{}" x2="{}" y1="{y}" y2="{y}" stroke-dasharray="5 4" stroke-width="2"></line>',
        tone,
        *across,
        y=f"{y:.1f}",
    )


def _chart_y(value: float, top: float) -> float:
    return TOP + (CHART_HEIGHT - TOP - BOTTOM) * (1 - value / top)


def _round_up(value: float) -> float:
    """The next number that divides well by four.

    >>> _round_up(37), _round_up(3), _round_up(800)
    (40.0, 4.0, 800.0)
    """
    scale = 1.0
    while scale * 100 < value:
        scale *= 10
    for choice in (4, 8, 12, 20, 40, 60, 80, 100):
        if value <= choice * scale:
            return choice * scale
    return value


def _range(values: Sequence[float], target: float | None) -> tuple[float, float]:
    every = [*values, *([] if target is None else [target])]
    low, high = min(every), max(every)
    return (low, high) if high > low else (low - 1, high + 1)


def _height(value: float, low: float, high: float) -> float:
    return SPARK_HEIGHT - MARGIN - (SPARK_HEIGHT - 2 * MARGIN) * (value - low) / (high - low)
