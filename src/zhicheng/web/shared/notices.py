"""Messages in pages: the same list for residents and officials."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from zhicheng.core.notices.public import list_notices, mark_read
from zhicheng.kit.clock import now

_PAGE = 30


def notices_context(request: HttpRequest, recipients: list[str], url: str) -> dict[str, Any] | None:
    """One page of messages; None after a POST has marked them all as read."""
    if request.method == "POST":
        mark_read(*recipients, now=now())
        return None
    page = list_notices(*recipients, after=_cursor(request.GET.get("after", "")), limit=_PAGE)
    notices = [
        {
            "title": item.title,
            "text": item.text,
            "url": item.link,
            "at": item.created_at,
            "unread": item.read_at is None,
            "icon": "bell",
        }
        for item in page.notices
    ]
    pager = {"next_url": f"{url}?after={page.after}" if page.after else "", "first_url": ""}
    return {"notices": notices, "pager": pager, "mark_url": url}


def _cursor(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
