"""Documents that describe entities: checked against the schema before anything is written."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from zhicheng.core.telemetry.errors import DocumentRefused
from zhicheng.core.telemetry.policy.sensorthings.addresses import Id
from zhicheng.core.telemetry.policy.sensorthings.lexing import instant_of, interval_of
from zhicheng.core.telemetry.policy.sensorthings.schema import SETS, Entity, Link, Property

_DEEPEST, _MOST_BYTES = 6, 1_000_000
UNIT_PARTS = ("name", "symbol", "definition")


@dataclass(frozen=True)
class Document:
    """What is to be written of an entity: values by property name; linked entities by link, ids or documents."""

    entity: Entity
    values: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, tuple["Id | Document", ...]] = field(default_factory=dict)

    def with_link(self, name: str, target: "Id | Document") -> "Document":
        """The same, linked to what the address names."""
        return replace(self, links={**self.links, name: (target,)})

    def one(self, name: str) -> "Id | Document | None":
        """What a to-one link leads to, where it is said."""
        found = self.links.get(name, ())
        return found[0] if found else None


def read_document(entity: Entity, body: Any, *, partial: bool = False, depth: int = 0) -> Document:
    """A document as typed values; members that begin with `@iot` are the server's own and are passed over.

    Raises:
        DocumentRefused: something is missing, unknown or of the wrong kind.
    """
    if not isinstance(body, dict):
        raise DocumentRefused(problem=f"{entity.singular} 应是 JSON 对象")
    if depth > _DEEPEST:
        raise DocumentRefused(problem="嵌套太深")
    values: dict[str, Any] = {}
    links: dict[str, tuple[Id | Document, ...]] = {}
    for name, value in body.items():
        if name in entity.properties and name != "@iot.id":
            values[name] = _value(entity, entity.properties[name], value)
        elif name in entity.links:
            links[name] = _linked(entity.links[name], value, depth)
        elif "@iot." not in name:
            raise DocumentRefused(problem=f"{entity.singular} 没有 {str(name)[:60]}")
    if not partial:
        _complete(entity, values)
    return Document(entity, values, links)


def reference_of(value: Any) -> Id:
    """The id in `{"@iot.id": 5}`, or in a reference by address `{"@iot.id": "…/Things(5)"}`.

    Raises:
        DocumentRefused: it is none.
    """
    found = value.get("@iot.id", value.get("@odata.id")) if isinstance(value, dict) else None
    if isinstance(found, str) and found.endswith(")"):
        inside = found.rpartition("(")[2][:-1]
        found = int(inside) if inside.isascii() and inside.isdigit() else inside.strip("'")
    if isinstance(found, bool) or not isinstance(found, int | str) or (isinstance(found, int) and abs(found) >= 2**63):
        raise DocumentRefused(problem="引用应写成 {“@iot.id”: 编号}")
    return found


def _complete(entity: Entity, values: Mapping[str, Any]) -> None:
    missing = [name for name, each in entity.properties.items() if each.required and values.get(name) is None]
    if entity.name == "Observations" and "result" in values:
        missing = []  # a result may be null
    if missing:
        raise DocumentRefused(problem=f"{entity.singular} 缺少 {'、'.join(missing)}")


def _linked(link: Link, value: Any, depth: int) -> tuple[Id | Document, ...]:
    if link.many and not isinstance(value, list):
        raise DocumentRefused(problem=f"{link.name} 应是列表")
    items = value if link.many else [value]
    target = SETS[link.target]
    return tuple(
        reference_of(item) if _is_reference(item) else read_document(target, item, depth=depth + 1) for item in items
    )


def _is_reference(item: Any) -> bool:
    """A document that says its id names an entity that exists; whatever else it says is not written."""
    return isinstance(item, dict) and ("@iot.id" in item or "@odata.id" in item)


def _value(entity: Entity, each: Property, value: Any) -> Any:
    if value is None:
        return None
    if each.kind == "text":
        return _text(entity, each, value)
    if each.kind == "time":
        return _time(entity, each, value)
    structured = each.name in {"properties", "parameters", "unitOfMeasurement"} or each.kind == "area"
    if structured and not isinstance(value, dict):
        raise DocumentRefused(problem=f"{entity.singular} 的 {each.name} 应是 JSON 对象")
    if each.name == "unitOfMeasurement":
        return {part: value.get(part) for part in UNIT_PARTS} | value
    return _plain(entity, each, value)


def _text(entity: Entity, each: Property, value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise DocumentRefused(problem=f"{entity.singular} 的 {each.name} 应是文字")
    if len(value) > each.size or (each.required and not value.strip() and each.name != "description"):
        raise DocumentRefused(problem=f"{entity.singular} 的 {each.name} 应有 1 到 {each.size} 个字")
    return value


def _time(entity: Entity, each: Property, value: Any) -> Any:
    try:
        if isinstance(value, str):
            return interval_of(value) if "/" in value else instant_of(value)
    except (ValueError, OverflowError):
        pass
    raise DocumentRefused(problem=f"{entity.singular} 的 {each.name} 应是 ISO 8601 时刻或时段")


def _plain(entity: Entity, each: Property, value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        raise DocumentRefused(problem=f"{entity.singular} 的 {each.name} 不是有效的数值")
    if isinstance(value, dict | list | str):
        text = json.dumps(value, ensure_ascii=False)
        if len(text) > _MOST_BYTES or "\\u0000" in text:
            raise DocumentRefused(problem=f"{entity.singular} 的 {each.name} 太大，或有不能保存的字符")
    return value
