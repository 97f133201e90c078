"""Providers, contact resolvers, and the placeholders that templates may name."""

from django.conf import settings

from zhicheng.core.notices.base import ContactResolver, NoticeProvider
from zhicheng.core.notices.values import COMMON_PLACEHOLDERS, Channel
from zhicheng.kit.registry import Registry

providers: Registry[NoticeProvider] = Registry("notice provider")
contact_resolvers: Registry[ContactResolver] = Registry("contact resolver")
placeholders: Registry[str] = Registry("message placeholder")
# Messages that code names, with when they are sent: a pack that lacks one is refused, not found out at night.
needed_messages: Registry[str] = Registry("needed message")

for _name, _meaning in COMMON_PLACEHOLDERS.items():
    placeholders.add(_name, _meaning)


def current_provider() -> NoticeProvider:
    """The provider that `settings.NOTICE_PROVIDER` names; `files` unless set.

    Raises:
        KeyError: no provider has that name.
    """
    return providers[getattr(settings, "NOTICE_PROVIDER", "files")]


def contact_of(recipient: str, channel: Channel) -> str | None:
    """Where a recipient is reached, from the first resolver that knows."""
    for resolve in contact_resolvers:
        contact = resolve(recipient, channel)
        if contact:
            return contact
    return None
