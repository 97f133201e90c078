"""What notices do when something happened to a person that no case tells of."""

from datetime import datetime

from zhicheng.core.ledger.public import subscribe
from zhicheng.core.ledger.values import Event
from zhicheng.core.notices.operations.notify import notify
from zhicheng.core.notices.registry import needed_messages
from zhicheng.core.notices.values import Channel, NoticeRequest
from zhicheng.core.packs.public import current_pack
from zhicheng.kit.clock import CHINA

IDENTITY_PROVEN = "account.identity_proven"
_PAGE = "/account/identity/"


def tell_proven(event: Event, now: datetime) -> None:
    """Somebody was proven at a window: the owner of the account learns of it, and what to do if it was not them."""
    at = event.at.astimezone(CHINA)
    params = {"city": current_pack().name, "time": f"{at.month}月{at.day}日 {at:%H:%M}"}
    channels = (Channel.IN_APP, Channel.SMS)
    notify(NoticeRequest(event.subject, IDENTITY_PROVEN, str(event.id), params, _PAGE, channels), now=now)


needed_messages.add(IDENTITY_PROVEN, "窗口登记实名以后告知本人")
subscribe("parties.proven_at_window", "notices.identity", tell_proven)
