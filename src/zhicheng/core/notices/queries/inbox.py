"""A person's messages, and the state of sending."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from zhicheng.core.notices.models import Notice
from zhicheng.core.notices.policy import MAX_ATTEMPTS
from zhicheng.core.notices.values import Channel, NoticeGauges, NoticeItem, NoticePage

NO_CONTACT = "no_contact"

_GAUGES = """
SELECT count(*) FILTER (WHERE attempts < %s), min(created_at) FILTER (WHERE attempts < %s),
       count(*) FILTER (WHERE attempts >= %s AND failure <> %s)
FROM notices_notice WHERE sent_at IS NULL
"""


def list_notices(*recipients: str, after: UUID | None = None, limit: int = 50) -> NoticePage:
    """In-app messages to any of some recipients (a person and the units they act for), newest first.

    Identifiers are time-ordered, so `after` is the identifier at the end of the previous page.
    """
    rows = Notice.objects.filter(recipient__in=recipients, channel=Channel.IN_APP.value).order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [_item(row) for row in rows[: limit + 1]]
    page = tuple(found[:limit])
    return NoticePage(page, page[-1].id if len(found) > limit and page else None)


def count_unread(*recipients: str) -> int:
    """How many in-app messages nobody has read."""
    return Notice.objects.filter(recipient__in=recipients, channel=Channel.IN_APP.value, read_at__isnull=True).count()


def notice_gauges(now: datetime) -> NoticeGauges:
    """Messages that wait for a provider, and those given up (people without a contact are not counted)."""
    with connection.cursor() as cursor:
        cursor.execute(_GAUGES, (MAX_ATTEMPTS, MAX_ATTEMPTS, MAX_ATTEMPTS, NO_CONTACT))
        waiting, since, failed = cursor.fetchone()
    return NoticeGauges(waiting, 0.0 if since is None else max((now - since).total_seconds(), 0.0), failed)


def _item(row: Notice) -> NoticeItem:
    return NoticeItem(
        id=row.id,
        recipient=row.recipient,
        template=row.template,
        title=row.title,
        text=row.text,
        link=row.link,
        created_at=row.created_at,
        read_at=row.read_at,
    )
