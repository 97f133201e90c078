"""Who listens to which events. Filled at start-up by the `receivers.py` of each package."""

from zhicheng.core.ledger.base import Handler, Subscription
from zhicheng.core.ledger.values import Event
from zhicheng.kit.registry import Registry

subscriptions: Registry[Subscription] = Registry("subscription")


def subscribe(prefix: str, name: str, handler: Handler) -> None:
    """Have `handler` called for every event whose type starts with `prefix`.

    Raises:
        ValueError: the name is taken: a handler is registered once.
    """
    subscriptions.add(name, Subscription(prefix, name, handler))


def subscribers(event: Event) -> list[Subscription]:
    """The subscriptions that want an event, in order of registration."""
    return [subscription for subscription in subscriptions if event.type.startswith(subscription.prefix)]
