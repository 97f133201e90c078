"""What may be plugged into notices: providers that carry messages, and resolvers that know where people are reached."""

from collections.abc import Callable
from typing import Protocol

from zhicheng.core.notices.values import Channel, OutboundMessage

ContactResolver = Callable[[str, Channel], str | None]
"""From a recipient's reference and a channel to a telephone number or e-mail address; None where it knows none."""


class NoticeProvider(Protocol):
    """Carries SMS and e-mail to the outside."""

    def send(self, message: OutboundMessage) -> None:
        """Hand one message over; return when the provider has it safely.

        Raises:
            NotDelivered: it was not taken; `may_retry` says whether to try again.
        """
