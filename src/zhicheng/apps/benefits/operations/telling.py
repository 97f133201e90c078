"""Messages to people with an account about what they get; nobody has to ask."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from zhicheng.apps.benefits.models import BenefitRun, Entitlement
from zhicheng.apps.benefits.queries.catalogue import label_of
from zhicheng.core.lake.public import entity_key
from zhicheng.core.notices.public import notify
from zhicheng.core.notices.values import Channel, NoticeRequest
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import find_parties_by_digest, list_account_identities

GRANTED, FAILED, RECLAIM = "benefit.granted", "benefit.failed", "benefit.reclaim"
LINK = "/my/benefits/"
_ACCOUNTS = 2000
_BOTH = (Channel.IN_APP, Channel.SMS)


def tell_chunk(row: BenefitRun, now: datetime) -> int:
    """Tell the next accounts what a run granted to them, one message each; the row is locked by the caller."""
    identities = list_account_identities(after=row.told_after, limit=_ACCOUNTS)
    requests = list(_requests(row, [(party, entity_key(digest)) for _, party, digest in identities]))
    if requests:
        notify(*requests, now=now)
    row.told += len(requests)
    if identities:
        row.told_after = identities[-1][0]
    if len(identities) < _ACCOUNTS:
        row.finished_at = now
    row.save(update_fields=["told", "told_after", "finished_at"])
    return len(requests)


def tell_person(person_key: str, template: str, cause: str, params: dict[str, str], *, now: datetime) -> UUID | None:
    """Tell whoever has this key, if the city knows how to reach them; their party."""
    party = party_of(person_key)
    if party is not None:
        notify(_request(party, template, cause, params), now=now)
    return party


def party_of(person_key: str) -> UUID | None:
    """The newest party with a key of the lake."""
    found = find_parties_by_digest(bytes.fromhex(person_key)) if _is_key(person_key) else []
    return found[0] if found else None


def yuan(cents: int) -> str:
    """Cents as yuan.

    >>> yuan(123450)
    '1,234.50 元'
    """
    return f"{cents // 100:,}.{cents % 100:02d} 元"


def _requests(row: BenefitRun, people: Sequence[tuple[UUID, str]]) -> Iterator[NoticeRequest]:
    granted: dict[str, list[Entitlement]] = {}
    for each in Entitlement.objects.filter(run=row, person_key__in=[key for _, key in people]).order_by("benefit"):
        granted.setdefault(each.person_key, []).append(each)
    for party, key in people:
        if mine := granted.get(key):
            labels = "、".join(dict.fromkeys(f"“{label_of(each.benefit)}”" for each in mine))
            params = {"title": labels, "amount": yuan(sum(each.amount_cents for each in mine))}
            yield _request(party, GRANTED, f"run:{row.id}", params)


def _request(party: UUID, template: str, cause: str, params: dict[str, str]) -> NoticeRequest:
    known = {"city": current_pack().name, "link": LINK}
    return NoticeRequest(f"party:{party}", template, f"benefit:{cause}", {**known, **params}, LINK, _BOTH)


def _is_key(text: str) -> bool:
    return len(text) % 2 == 0 and all(character in "0123456789abcdef" for character in text)
