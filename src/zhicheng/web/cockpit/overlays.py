"""The layers of the city that a reader may lay over the cockpit's map."""

from typing import Any

from zhicheng.core.parties.values import Actor
from zhicheng.web.shared.layers import visible_layers

_LIVE = {"device": "/live/devices"}  # drawn from one picture of all, and shown where nobody chose otherwise
_TILES = "/ogc/collections/{code}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}?f=mvt"
_HIDDEN = frozenset({"district", "street", "community", "grid"})  # the map has these borders already


def overlays(actor: Actor) -> list[dict[str, Any]]:
    """Layers with a geometry that the reader may see: what they are, where their tiles or live picture are."""
    return [
        {
            "code": layer.code,
            "label": layer.label,
            "geometry": layer.geometry,
            "from": layer.tiles.from_zoom if layer.tiles else 0,
            "tiles": _TILES.format(code=layer.code),
            "live": _LIVE.get(layer.code, ""),
        }
        for layer in visible_layers(actor)
        if layer.has_shapes and layer.code not in _HIDDEN
    ]
