"""Rows as SensorThings writes them: with links to themselves and to what they are linked with."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from zhicheng.core.telemetry.policy.sensorthings.options import Options, write_token
from zhicheng.core.telemetry.policy.sensorthings.schema import Entity
from zhicheng.core.telemetry.queries.sensing.asking import Asker, Found, Row

_NULLS_SHOWN = frozenset({"resultTime", "result"})


def self_link(entity: Entity, entity_id: Any, asker: Asker) -> str:
    """The address of one entity."""
    shown = f"'{entity_id}'" if isinstance(entity_id, str) else entity_id
    return f"{asker.base}/{entity.name}({shown})"


def render(entity: Entity, row: Row, options: Options, asker: Asker, expanded: Mapping[str, Any]) -> dict[str, Any]:
    """One entity. `expanded` has what its links were expanded to, already rendered."""
    link = self_link(entity, row["@iot.id"], asker)
    chosen = options.select
    shown: dict[str, Any] = {}
    if not chosen or "@iot.id" in chosen:
        shown["@iot.id"] = row["@iot.id"]
    if not chosen:
        shown["@iot.selfLink"] = link
    for name in entity.properties:
        if name != "@iot.id" and (value := _property(row, name, chosen)) is not _HIDDEN:
            shown[name] = value
    for name in entity.links:
        if name in expanded:
            shown.update(expanded[name])
        elif not chosen or name in chosen:
            shown[f"{name}@iot.navigationLink"] = f"{link}/{name}"
    return shown


_HIDDEN = object()


def _property(row: Row, name: str, chosen: Sequence[str]) -> Any:
    value = row.get(name)
    if value is None and name not in _NULLS_SHOWN:
        return _HIDDEN
    if not chosen or name in chosen:
        return moment(value)
    paths = [each.split("/")[1:] for each in chosen if each.startswith(f"{name}/")]
    return _parts(value, paths) if paths else _HIDDEN


def _parts(value: Any, paths: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Only what lies along some paths of a structured value."""
    found: dict[str, Any] = {}
    for path in paths:
        at, inside = found, value
        for name in path[:-1]:
            inside = inside.get(name) if isinstance(inside, dict) else None
            at = at.setdefault(name, {})
        if isinstance(inside, dict) and path[-1] in inside:
            at[path[-1]] = inside[path[-1]]
    return found


def moment(value: Any) -> Any:
    """Instants and intervals as text; anything else as it is."""
    if isinstance(value, datetime):
        text = value.astimezone(UTC).isoformat(timespec="microseconds" if value.microsecond % 1000 else "milliseconds")
        return text.replace("+00:00", "Z")
    if isinstance(value, tuple):
        return "/".join(str(moment(each)) for each in value)
    return value


def page(path: str, found: Found, options: Options, values: Sequence[Any]) -> dict[str, Any]:
    """A list: its count where asked for, where it goes on, its entities."""
    shown: dict[str, Any] = {}
    if found.count is not None:
        shown["@iot.count"] = found.count
    if link := next_link(path, found, options):
        shown["@iot.nextLink"] = link
    shown["value"] = list(values)
    return shown


def inline(name: str, path: str, found: Found, options: Options, values: Sequence[Any]) -> dict[str, Any]:
    """A list inside the entity that it is linked with."""
    shown = {f"{name}{key}": value for key, value in page(path, found, options, ()).items() if key != "value"}
    return {**shown, name: list(values)}


def next_link(path: str, found: Found, options: Options) -> str:
    """The address of the page after this one; empty at the end."""
    if not found.token:
        return ""
    kept = {name: value for name, value in options.given.items() if name not in {"$skip", "$skiptoken"}}
    query = urlencode({**kept, "$skiptoken": write_token(found.token)}, quote_via=quote, safe="$(),;/='")
    return f"{path}?{query}"
