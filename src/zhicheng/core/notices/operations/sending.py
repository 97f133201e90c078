"""Sending SMS and e-mail through the provider: at least once, with back-off."""

from datetime import datetime

from django.db import connection, transaction

from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.core.notices.errors import NotDelivered
from zhicheng.core.notices.models import Notice
from zhicheng.core.notices.policy import LEASE, MAX_ATTEMPTS, retry_at
from zhicheng.core.notices.queries.inbox import NO_CONTACT
from zhicheng.core.notices.registry import contact_of, current_provider
from zhicheng.core.notices.values import Channel, OutboundMessage
from zhicheng.kit.errors import ZhichengError
from zhicheng.kit.ids import uuid7

_COLUMNS = ["id", "recipient", "channel", "title", "text", "link", "attempts"]
_CLAIM = f"""
UPDATE notices_notice SET attempts = attempts + 1, not_before = %s WHERE id IN (
    SELECT id FROM notices_notice WHERE sent_at IS NULL AND attempts < %s AND not_before <= %s
    ORDER BY not_before LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING {", ".join(_COLUMNS)}
"""


def send_due(*, now: datetime, limit: int = 100) -> int:
    """Send messages that are due; how many the provider took. Not inside a transaction.

    Each is claimed for five minutes before it is sent, so that a crash, or an error that a provider should not
    raise, costs that message one attempt and no other message anything. Any number of senders may run at once.
    """
    sent = 0
    for _ in range(limit):
        notice = _claim(now)
        if notice is None:
            break
        sent += _send(notice, now)
    return sent


def retry_failed(*, actor: str, now: datetime) -> int:
    """Give every message that was given up another round of attempts; how many. Recorded as the operator's act."""
    with transaction.atomic():
        failed = Notice.objects.filter(sent_at__isnull=True, attempts__gte=MAX_ATTEMPTS)
        count = failed.update(attempts=0, not_before=now, failure="")
        record(Entry(uuid7(now), now, actor, "notices.retry_failed", "notices:outbound", data={"count": count}))
    return count


def _claim(now: datetime) -> Notice | None:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_CLAIM, (now + LEASE, MAX_ATTEMPTS, now))
        row = cursor.fetchone()
    return Notice.from_db(None, _COLUMNS, row) if row else None


def _send(notice: Notice, now: datetime) -> bool:
    channel = Channel(notice.channel)
    try:
        contact = contact_of(notice.recipient, channel)
        if contact is None:
            _give_up(notice, NO_CONTACT)
            return False
        current_provider().send(_message(notice, channel, contact, now))
    except ZhichengError as failure:
        _note_failure(notice, failure, now)
        return False
    Notice.objects.filter(id=notice.id).update(sent_at=now, failure="")
    return True


def _message(notice: Notice, channel: Channel, contact: str, now: datetime) -> OutboundMessage:
    text = notice.text
    if channel is Channel.EMAIL and notice.link and notice.link not in text:
        text = f"{text}\n\n{notice.link}"
    return OutboundMessage(notice.id, channel, contact, notice.title, text, now)


def _note_failure(notice: Notice, failure: ZhichengError, now: datetime) -> None:
    if isinstance(failure, NotDelivered) and not failure.may_retry:
        _give_up(notice, str(failure))
        return
    due = retry_at(now, notice.attempts)
    Notice.objects.filter(id=notice.id).update(not_before=due, failure=str(failure)[:500])


def _give_up(notice: Notice, failure: str) -> None:
    Notice.objects.filter(id=notice.id).update(attempts=MAX_ATTEMPTS, failure=failure[:500])
