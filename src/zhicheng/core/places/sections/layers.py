"""layers/*.yaml: the layers of the city's map, one a file."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from zhicheng.core.packs.public import Fault, PackSource, Section, pin_definition
from zhicheng.core.places.base.layers import KIND, Layers, body_of, load_layers

_SHAPES = {"point": "点", "line": "线", "polygon": "面", "none": "无图形"}


def check(_value: Layers, _pack: PackSource) -> Iterable[Fault]:
    """Nothing of a layer needs another section."""
    return ()


def install(value: Layers, _pack: PackSource, now: datetime) -> None:
    """Pin each declaration: what a layer's table holds is read with the words of its time."""
    for item in value:
        pin_definition(KIND, item.value.code, body_of(item.value), label=item.value.label, now=now)


def describe(value: Layers) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Layers and their columns."""
    for item in value:
        layer = item.value
        fields = {
            "图形": _SHAPES[layer.geometry],
            "来源": layer.source,
            "许可": layer.licence,
            "访问": layer.access,
            "示意": "是" if layer.illustrative else "否",
            "叫法": "、".join(layer.words),
        }
        yield "图层", layer.code, layer.label, fields
        for column in layer.columns:
            codes = "、".join(f"{code}={label}" for code, label in column.codes.items())
            yield "图层列", f"{layer.code}.{column.code}", column.label, {"类型": column.type.value, "代码": codes}


LAYERS = Section("layers", "图层", load_layers, check, install, describe)
