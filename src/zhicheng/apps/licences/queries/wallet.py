"""The wallet as its holder sees it: what can be used first, what has ended apart, found by words."""

from datetime import datetime
from uuid import UUID

from zhicheng.apps.licences.queries.licences import list_my_licences
from zhicheng.apps.licences.values import Licence, LicenceState, Wallet
from zhicheng.core.parties.values import Actor

_ENDED = frozenset({LicenceState.EXPIRED, LicenceState.REVOKED, LicenceState.REPLACED})
_MOST, _PAGE = 500, 100


def get_wallet(actor: Actor, *, now: datetime, text: str = "") -> Wallet:
    """The licences of the person who is signed in, newest first, at most 500; with `text` those that have it.

    Names are sealed in the database, so words are looked for in what is opened for the holder anyway.
    """
    found = _all(actor, now)
    wanted = [each for each in found if _has(each, text.strip().casefold())]
    return Wallet(
        current=[each for each in wanted if each.state not in _ENDED],
        ended=[each for each in wanted if each.state in _ENDED],
        total=len(found),
    )


def _all(actor: Actor, now: datetime) -> list[Licence]:
    found: list[Licence] = []
    after: UUID | None = None
    while len(found) < _MOST:
        page = list_my_licences(actor, now=now, after=after, limit=_PAGE)
        found += page.licences
        after = page.after
        if after is None:
            break
    return found


def _has(each: Licence, text: str) -> bool:
    return not text or any(text in said.casefold() for said in (each.label, each.number, each.issuer, each.holder))
