"""Template context that every page has."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from zhicheng.core.notices.public import count_unread
from zhicheng.core.packs.public import NoPackInstalled, current_pack
from zhicheng.core.parties.public import get_unit_tree, list_memberships, request_actor
from zhicheng.core.parties.values import Actor, ActorKind, Grant
from zhicheng.core.parties.values.members import Membership
from zhicheng.kit.clock import now


def page(request: HttpRequest) -> dict[str, Any]:
    """`pack` {name, texts}, `viewer` {name, unit, role} or None, `unread` messages, `demo`.

    `acting` is the mandate of who acts for a company, `companies` those that they may choose.
    """
    try:
        pack = current_pack()
    except NoPackInstalled:
        return {"pack": None, "viewer": None, "unread": 0}
    actor = request_actor(request)
    if actor.account_id is None:
        return {"pack": pack, "viewer": None, "unread": 0, "demo": settings.DEMO}
    return {
        "pack": pack,
        "viewer": _viewer(actor),
        "acting": actor.mandate,
        "companies": SimpleLazyObject(lambda: _companies(actor)),
        "unread": count_unread(*inboxes(actor)),
        "demo": settings.DEMO,
    }


def _companies(actor: Actor) -> list[Membership]:
    """The companies that a resident may act for; asked only where a page shows them."""
    return list_memberships(actor, now=now()) if actor.kind is ActorKind.RESIDENT else []


def inboxes(actor: Actor) -> list[str]:
    """The references whose messages an actor reads: the account, the person, the units whose cases it works on.

    The person with what was told before they had an account: to the party of a call or form with their telephone.
    What is told to a unit names its cases: administrators and call-takers of the unit do not read it.
    """
    found = [f"account:{actor.account_id}", *(f"party:{party}" for party in sorted(actor.parties))]
    units = {f"unit:{grant.unit}" for grant in actor.grants if _works_on_cases(grant)}
    return [*found, *sorted(units)]


def _works_on_cases(grant: Grant) -> bool:
    return any(code.startswith("cases.") for code in grant.permissions)


def _viewer(actor: Actor) -> dict[str, Any]:
    tree = get_unit_tree()
    first = actor.grants[0] if actor.grants else None
    unit = tree.get(first.unit).name if first and first.unit in tree else ""
    return {
        "name": actor.name,
        "unit": unit,
        "role": first.label if first else "",
        "official": actor.kind is ActorKind.OFFICIAL,
    }
