"""Query options: $filter, $expand with options of its own, $select, $orderby, $top, $skip, $count."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhicheng.core.telemetry.errors import OptionRefused
from zhicheng.core.telemetry.policy.sensorthings.filters import Node, Order, parse_filter, parse_order
from zhicheng.core.telemetry.policy.sensorthings.schema import Entity, entity_set

DEFAULT_TOP, MOST_TOP = 100, 1000
_DEEPEST, _WIDEST = 5, 12
_NAMES = frozenset(
    {"$filter", "$expand", "$select", "$orderby", "$top", "$skip", "$count", "$skiptoken", "$resultFormat"}
)


@dataclass(frozen=True)
class Options:
    """What a query asks for. `token` holds where the page before ended: the values of the keys and the id.

    `given` has the options as they were written, for the address of the next page.
    """

    filter: Node | None = None
    order: tuple[Order, ...] = ()
    select: tuple[str, ...] = ()
    expand: Mapping[str, "Options"] = field(default_factory=dict)
    top: int = DEFAULT_TOP
    skip: int = 0
    count: bool = False
    token: tuple[Any, ...] = ()
    data_array: bool = False
    given: Mapping[str, str] = field(default_factory=dict)


def parse_options(entity: Entity, given: Mapping[str, str], *, depth: int = 0) -> Options:
    """The options of a query on an entity; unknown ones are refused.

    Raises:
        OptionRefused, FilterUnreadable, PathUnknown: one of them cannot be.
    """
    for name in given:
        if name.startswith("$") and name not in _NAMES:
            raise OptionRefused(name=name, problem="没有这个选项")
    return Options(
        filter=parse_filter(given["$filter"]) if given.get("$filter") else None,
        order=parse_order(given["$orderby"]) if given.get("$orderby") else (),
        select=_select(entity, given.get("$select", "")),
        expand=_expand(entity, given.get("$expand", ""), depth),
        top=min(_number("$top", given.get("$top"), DEFAULT_TOP), MOST_TOP),
        skip=_number("$skip", given.get("$skip"), 0),
        count=_flag("$count", given.get("$count", "false")),
        token=read_token(given["$skiptoken"]) if given.get("$skiptoken") else (),
        data_array=_format(entity, given.get("$resultFormat", "")),
        given=given,
    )


def write_token(values: Sequence[Any]) -> str:
    """Where a page ended, as text for the next address."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=str)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_token(text: str) -> tuple[Any, ...]:
    """What `write_token` wrote.

    Raises:
        OptionRefused: it is something else.

    >>> read_token(write_token(["a", 5]))
    ('a', 5)
    """
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        found = None
    if not isinstance(found, list) or any(isinstance(value, list | dict) for value in found):
        raise OptionRefused(name="$skiptoken", problem="请使用上一页给出的地址")
    return tuple(found)


def _number(name: str, text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise OptionRefused(name=name, problem="应是不小于 0 的整数")
    return int(text)


def _flag(name: str, text: str) -> bool:
    if text not in {"true", "false"}:
        raise OptionRefused(name=name, problem="应是 true 或 false")
    return text == "true"


def _format(entity: Entity, text: str) -> bool:
    if text not in {"", "dataArray"} or (text and entity.name != "Observations"):
        raise OptionRefused(name="$resultFormat", problem="只有 Observations 可以用 dataArray")
    return bool(text)


def _select(entity: Entity, text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        first = name.partition("/")[0]
        if first not in entity.links:
            entity.property_of(first)
    return tuple("@iot.id" if name == "id" else name for name in names)


def _expand(entity: Entity, text: str, depth: int) -> dict[str, Options]:
    """`Datastreams($top=1;$expand=Observations),Locations` or `Datastreams/Observations`."""
    if not text.strip():
        return {}
    if depth >= _DEEPEST:
        raise OptionRefused(name="$expand", problem=f"最多展开 {_DEEPEST} 层")
    given: dict[str, dict[str, str]] = {}
    for item in _split(text, ","):
        path, _, inner = item.strip().partition("(")
        name, _, deeper = path.strip().partition("/")
        entity.link(name)
        options = given.setdefault(name, {})
        if inner:
            _merge(options, _inner_options(inner, deeper))
        elif deeper:
            _merge(options, {"$expand": deeper})
    if len(given) > _WIDEST:
        raise OptionRefused(name="$expand", problem="展开的内容太多")
    return {
        name: parse_options(entity_set(entity.link(name).target), options, depth=depth + 1)
        for name, options in given.items()
    }


def _inner_options(inner: str, deeper: str) -> dict[str, str]:
    if not inner.rstrip().endswith(")"):
        raise OptionRefused(name="$expand", problem="缺少右括号")
    body = inner.rstrip()[:-1]
    if deeper:
        return {"$expand": f"{deeper}({body})"}
    options = {}
    for part in _split(body, ";"):
        name, equals, value = part.strip().partition("=")
        if not equals:
            raise OptionRefused(name="$expand", problem=f"“{part.strip()[:40]}”应写成 $名称=值")
        options[name.strip()] = value.strip()
    return options


def _merge(options: dict[str, str], more: Mapping[str, str]) -> None:
    """`A/B,A/C` expands both below one A."""
    for name, value in more.items():
        joins = name == "$expand" and name in options
        options[name] = f"{options[name]},{value}" if joins else value


def _split(text: str, mark: str) -> Iterator[str]:
    """Cut at a mark outside brackets and texts."""
    depth, quoted, start = 0, False, 0
    for at, letter in enumerate(text):
        if letter == "'":
            quoted = not quoted
        elif quoted:
            continue
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == mark and depth == 0:
            yield text[start:at]
            start = at + 1
    yield text[start:]
