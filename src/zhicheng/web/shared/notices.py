"""Messages in pages: the same list for residents and officials."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from zhicheng.core.notices.public import list_notices, mark_read
from zhicheng.core.notices.values import NoticeItem
from zhicheng.kit.clock import now

_PAGE = 30


def notices_context(request: HttpRequest, recipients: list[str], url: str) -> dict[str, Any] | None:
    """One page of messages; None after a POST has marked them all as read."""
    if request.method == "POST":
        mark_read(*recipients, now=now())
        return None
    page = list_notices(*recipients, after=_cursor(request.GET.get("after", "")), limit=_PAGE)
    notices = _gathered(page.notices)
    pager = {"next_url": f"{url}?after={page.after}" if page.after else "", "first_url": ""}
    return {"notices": notices, "pager": pager, "mark_url": url}


def _gathered(found: Sequence[NoticeItem]) -> list[dict[str, Any]]:
    """One line for what says the same about one case again: the newest, with how often and since when."""
    shown: dict[tuple[str, str], dict[str, Any]] = {}
    for item in found:
        line = shown.get((item.title, item.link))
        if line is None:
            shown[(item.title, item.link)] = _line(item)
        else:
            line |= {
                "times": line["times"] + 1,
                "since": item.created_at,
                "unread": line["unread"] or item.read_at is None,
            }
    return list(shown.values())


def _line(item: NoticeItem) -> dict[str, Any]:
    return {
        "title": item.title,
        "text": item.text,
        "url": item.link,
        "at": item.created_at,
        "unread": item.read_at is None,
        "icon": "bell",
        "times": 1,
        "since": None,
    }


def _cursor(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
