"""Who a Django request comes from: looked up once a request, by session or API key."""

from django.http import HttpRequest

from zhicheng.core.parties.queries.actors import actor_for
from zhicheng.core.parties.values import ANONYMOUS, Actor
from zhicheng.kit.clock import now


def request_actor(request: HttpRequest) -> Actor:
    """The actor behind a request. The edge sets it for API keys; for sessions it is looked up when first asked."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        user = getattr(request, "user", None)
        known = user is not None and user.is_authenticated
        actor = actor_for(user.pk, now=now()) if known and user is not None else ANONYMOUS
        request.actor = actor  # type: ignore[attr-defined]  # Django's request takes attributes of middleware
    return actor
