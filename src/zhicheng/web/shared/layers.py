"""Which layers of the city a signed-in person may see on our pages: the same rule as of the published services."""

from zhicheng.apps.twin.public import may_see
from zhicheng.apps.twin.values.services import Caller, CallerKind
from zhicheng.core.parties.values import Actor
from zhicheng.core.places.public import list_layers
from zhicheng.core.places.values import Layer


def visible_layers(actor: Actor) -> tuple[Layer, ...]:
    """The layers that somebody may see, as the pack declares them."""
    caller = Caller(CallerKind.SESSION, permissions=actor.permissions)
    return tuple(layer for layer in list_layers() if may_see(layer, caller))
