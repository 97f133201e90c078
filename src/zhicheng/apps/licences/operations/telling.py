"""Messages to holders about their licences."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from zhicheng.apps.licences.models import Licence
from zhicheng.apps.licences.queries.types import type_of
from zhicheng.core.ledger.values import Event
from zhicheng.core.notices.public import notify
from zhicheng.core.notices.values import Channel, NoticeRequest
from zhicheng.core.packs.public import current_pack


def tell_issued(event: Event, *, now: datetime) -> None:
    """Tell the holder of a licence that it was issued; once an event."""
    row = Licence.objects.filter(pk=UUID(event.subject.partition(":")[2])).first()
    if row is not None:
        tell(row, "licence.issued", f"issued:{row.id}", {}, now=now)


def tell(row: Licence, template: str, cause: str, params: Mapping[str, str], *, now: datetime) -> None:
    """Send a message about a licence to its holder; one cause gives one message.

    It leads to the licence unless `params` has a `link`.
    """
    told = {
        "city": current_pack().name,
        "item": type_of(row.definition).label,
        "number": row.number,
        "link": f"/my/licences/{row.number}/",
        **params,
    }
    request = NoticeRequest(
        recipient=f"party:{row.party_id}",
        template=template,
        dedupe_key=f"licence:{cause}",
        params=told,
        link=told["link"],
        channels=(Channel.IN_APP, Channel.SMS),
    )
    notify(request, now=now)
