"""Template tags that every page may use: icons, preferences, fields, small words about time and number.

Nothing here reads the database: a tag renders what the view gave it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zhicheng.kit import clock
from zhicheng.web.shared.fields import Field
from zhicheng.web.shared.preferences import Preferences

register = template.Library()

SPRITE = "vendor/lucide-1.62.0/sprite.svg"
CLOCK_ICONS = {
    "running": "clock",
    "warning": "triangle-alert",
    "late": "octagon-alert",
    "paused": "circle-pause",
    "met": "circle-check",
    "missed": "circle-x",
}
CLOCK_STATES = {
    "running": "计时中",
    "warning": "即将到期",
    "late": "已超时",
    "paused": "暂停计时",
    "met": "按时完成",
    "missed": "超时完成",
}


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """A Lucide icon from the sprite; decoration only, so words must stand beside it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        static(SPRITE),
        name,
    )


@register.simple_tag(takes_context=True)
def preference_attributes(context: Context) -> SafeString:
    """The attributes of `<html>` that switch theme and letter size."""
    chosen = Preferences.of(context.get("request"))
    theme = format_html(' data-theme="{}"', chosen.theme) if chosen.theme != "auto" else SafeString("")
    letters = SafeString(' data-letters="big"') if chosen.letters == "big" else SafeString("")
    return theme + letters


@register.simple_tag(takes_context=True)
def preferences(context: Context) -> Preferences:
    """What the reader chose, for the form that changes it."""
    return Preferences.of(context.get("request"))


@register.inclusion_tag("components/field.html", takes_context=True, name="field")
def field_tag(context: Context, kind: str, name: str, label: str, **given: Any) -> dict[str, Any]:
    """Draw a field; value, errors and options come from the page's `values`, `errors`, `options` by name.

    Keywords: hint, required, options, value, and whatever the control's template documents (`field.extra`).
    """
    known = {key: given.pop(key) for key in ("hint", "required", "options", "value") if key in given}
    known.setdefault("value", _look_up(context, "values", name, ""))
    known.setdefault("options", _look_up(context, "options", name, ()))
    errors = _look_up(context, "errors", name, ())
    return {
        "field": Field(kind=kind, name=name, label=label, errors=errors, extra=given, **known),
        "request": context.get("request"),
    }


@register.simple_tag
def make_list(*items: Any) -> list[Any]:
    """A list written in a template, for the few constant choices that are not data."""
    return list(items)


@register.filter
def capped(number: int, limit: int = 99) -> str:
    """A count that never breaks a column.

    >>> capped(7), capped(100)
    ('7', '99+')
    """
    return str(number) if number <= limit else f"{limit}+"


@register.filter
def clock_icon(state: str) -> str:
    """The shape that says a clock's state without colour."""
    return CLOCK_ICONS.get(state, "clock")


@register.filter
def clock_state(state: str) -> str:
    """The words for a clock's state."""
    return CLOCK_STATES.get(state, "")


@register.filter
def moment(at: datetime | None) -> str:
    """An instant as people say it: today, yesterday or tomorrow with the time; otherwise the date.

    >>> from datetime import UTC
    >>> with clock.frozen(datetime(2026, 3, 5, 4, tzinfo=UTC)):
    ...     moment(datetime(2026, 3, 5, 9, 30, tzinfo=UTC)), moment(datetime(2025, 12, 1, 0, tzinfo=UTC))
    ('今天 17:30', '2025年12月1日 08:00')
    """
    if at is None:
        return ""
    local, today = at.astimezone(clock.CHINA), clock.now().astimezone(clock.CHINA).date()
    names = {today: "今天", today - timedelta(days=1): "昨天", today + timedelta(days=1): "明天"}
    day = names.get(local.date())
    if day is None:
        day = (
            f"{local.month}月{local.day}日"
            if local.year == today.year
            else f"{local.year}年{local.month}月{local.day}日"
        )
    return f"{day} {local:%H:%M}"


@register.filter
def lookup(mapping: Mapping[str, Any], key: str) -> Any:
    """A value by a key that is itself a variable."""
    return mapping.get(key, "") if mapping else ""


def _look_up(context: Context, group: str, name: str, missing: Any) -> Any:
    found = context.get(group)
    return found.get(name, missing) if found else missing
