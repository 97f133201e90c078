"""Who a Django request comes from: looked up once a request, by session or API key.

The session of a resident may name a membership: they act for that company for as long as it lets them.
"""

from uuid import UUID

from django.http import HttpRequest

from zhicheng.core.parties.queries.actors import actor_for
from zhicheng.core.parties.queries.memberships import with_mandate
from zhicheng.core.parties.values import ANONYMOUS, Actor, ActorKind
from zhicheng.kit.clock import now

ACTING = "acting_by"
"""The key of the session under which the chosen membership stands."""


def request_actor(request: HttpRequest) -> Actor:
    """The actor behind a request. The edge sets it for API keys; for sessions it is looked up when first asked."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        user = getattr(request, "user", None)
        known = user is not None and user.is_authenticated
        actor = actor_for(user.pk, now=now()) if known and user is not None else ANONYMOUS
        if membership := _chosen(request, actor):
            actor = with_mandate(actor, membership, now=now())
        request.actor = actor  # type: ignore[attr-defined]  # Django's request takes attributes of middleware
    return actor


def choose_membership(request: HttpRequest, membership_id: UUID | None) -> None:
    """Act by a membership from the next request of this session on; for oneself with None."""
    request.session.pop(ACTING, None)
    if membership_id is not None:
        request.session[ACTING] = str(membership_id)


def _chosen(request: HttpRequest, actor: Actor) -> UUID | None:
    session = getattr(request, "session", None)
    if actor.kind is not ActorKind.RESIDENT or session is None:
        return None
    kept = session.get(ACTING)
    return UUID(kept) if kept else None
