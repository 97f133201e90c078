"""Writing messages and marking them read."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from zhicheng.core.notices.models import Notice
from zhicheng.core.notices.policy import fit_sms, render, render_line
from zhicheng.core.notices.queries.templates import get_template
from zhicheng.core.notices.values import Channel, MessageTemplate, NoticeRequest
from zhicheng.kit.ids import uuid7
from zhicheng.kit.sqltext import insert_rows


def notify(*requests: NoticeRequest, now: datetime) -> None:
    """Write messages in one statement. A repeat (same recipient, cause and channel) changes nothing.

    In-app messages can be read at once; SMS and e-mail leave with `send_due`. A template without SMS text
    gives no SMS: which messages are worth one is the pack's decision.

    Raises:
        DefinitionUnknown: the installed pack has no such message.
        MessageParameterMissing: a template names a parameter that was not given.
    """
    rows = [row for request in requests for row in _rows(request, now)]
    if not rows:
        return
    part = insert_rows("notices", Notice._meta.db_table, rows)
    with connection.cursor() as cursor:  # plain SQL: every event of every case comes by here
        cursor.execute(f"{part.text} ON CONFLICT DO NOTHING", part.params)


def mark_read(*recipients: str, now: datetime, ids: Iterable[UUID] | None = None) -> int:
    """Mark in-app messages of these recipients as read (all, or those named); how many were unread."""
    rows = Notice.objects.filter(recipient__in=recipients, channel=Channel.IN_APP.value, read_at__isnull=True)
    if ids is not None:
        rows = rows.filter(id__in=list(ids))
    return rows.update(read_at=now)


def forget_recipient(recipient: str) -> int:
    """Delete every message to a recipient: part of the erasure of a person's data; how many."""
    deleted, _ = Notice.objects.filter(recipient=recipient).delete()
    return deleted


def purge_notices(*, before: datetime, limit: int = 5_000) -> int:
    """Delete messages older than an instant, one batch; how many. Call again until it is 0."""
    old = Notice.objects.filter(created_at__lt=before).order_by("id").values("id")[:limit]
    deleted, _ = Notice.objects.filter(id__in=old).delete()
    return deleted


def _rows(request: NoticeRequest, now: datetime) -> Iterator[dict[str, Any]]:
    template = get_template(request.template)
    for channel in request.channels:
        text = _text(template, request, channel)
        if text:
            yield {
                "id": uuid7(now),
                "recipient": request.recipient,
                "channel": channel.value,
                "template": template.code,
                "dedupe_key": request.dedupe_key,
                "title": render_line(template, template.title, request.params),
                "text": text,
                "link": request.link if channel is Channel.IN_APP else _reachable(request.link),
                "created_at": now,
                "sent_at": now if channel is Channel.IN_APP else None,
                "attempts": 0,
                "failure": "",
                "not_before": now,
            }


def _text(template: MessageTemplate, request: NoticeRequest, channel: Channel) -> str:
    if channel is Channel.IN_APP:
        return render(template, template.text, request.params)
    params = {name: _reachable(value) if name == "link" else value for name, value in request.params.items()}
    if channel is Channel.SMS:
        return fit_sms(render_line(template, template.sms, params))
    return render(template, template.text, params)


def _reachable(link: str) -> str:
    """A link as it works outside the city's own pages: on a telephone, in a mail."""
    return f"{settings.PUBLIC_URL}{link}" if link.startswith("/") else link
