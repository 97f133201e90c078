"""Refuses every message: for tests, and to rehearse the outage of a gateway (`NOTICE_PROVIDER = "failing"`)."""

from zhicheng.core.notices.errors import NotDelivered
from zhicheng.core.notices.values import OutboundMessage


class FailingProvider:
    """A gateway that is down (`may_retry`), or that has barred the sender (not)."""

    def __init__(self, *, may_retry: bool) -> None:
        self.may_retry = may_retry

    def send(self, message: OutboundMessage) -> None:
        """Refuse.

        Raises:
            NotDelivered: always.
        """
        raise NotDelivered(f"{message.channel.value} 网关没有应答", may_retry=self.may_retry)
