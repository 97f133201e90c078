"""The door of notices: messages to people, and what carries them."""

from zhicheng.core.notices.base import ContactResolver, NoticeProvider
from zhicheng.core.notices.errors import MessageParameterMissing, NotDelivered
from zhicheng.core.notices.operations.notify import forget_recipient, mark_read, notify, purge_notices
from zhicheng.core.notices.operations.sending import retry_failed, send_due
from zhicheng.core.notices.queries.inbox import count_unread, list_notices, notice_gauges
from zhicheng.core.notices.registry import contact_resolvers, needed_messages, placeholders, providers

__all__ = [
    "ContactResolver",
    "MessageParameterMissing",
    "NotDelivered",
    "NoticeProvider",
    "contact_resolvers",
    "count_unread",
    "forget_recipient",
    "list_notices",
    "mark_read",
    "needed_messages",
    "notice_gauges",
    "notify",
    "placeholders",
    "providers",
    "purge_notices",
    "retry_failed",
    "send_due",
]
