"""The layers that the installed pack declares."""

from zhicheng.core.packs.public import DefinitionUnknown, NoPackInstalled, current_definition, list_definitions
from zhicheng.core.packs.values import PinnedDefinition
from zhicheng.core.places.base.layers import KIND, layer_of
from zhicheng.core.places.errors import LayerUnknown
from zhicheng.core.places.values import Layer


def list_layers() -> tuple[Layer, ...]:
    """Every layer of the installed pack, by code; none where there is no pack."""
    try:
        return tuple(_layer(definition) for definition in list_definitions(KIND))
    except NoPackInstalled:
        return ()


def get_layer(code: str) -> Layer:
    """One layer.

    Raises:
        LayerUnknown: the installed pack declares none of that code.
    """
    try:
        return _layer(current_definition(KIND, code))
    except (DefinitionUnknown, NoPackInstalled):
        raise LayerUnknown(layer=code) from None


_by_hash: dict[str, Layer] = {}


def _layer(definition: PinnedDefinition) -> Layer:
    """Definitions never change, so what was read of one is kept."""
    found = _by_hash.get(definition.hash)
    if found is None:
        found = _by_hash[definition.hash] = layer_of(definition.body)
    return found
