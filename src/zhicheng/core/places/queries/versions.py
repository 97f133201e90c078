"""Versions of a layer, and what changed between two of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from zhicheng.core.lake.public import LakeConnection, connect_versions, list_versions, table_schema
from zhicheng.core.lake.values import TableVersion
from zhicheng.core.places.queries.layers import get_layer
from zhicheng.core.places.values import GEOMETRY, Change, Layer, LayerDiff, ObjectChange

_CHANGE = "CASE WHEN o.k IS NULL THEN 'added' WHEN n.k IS NULL THEN 'removed' ELSE 'changed' END"


def layer_versions(code: str, *, count: int = 50) -> list[TableVersion]:
    """The newest versions of a layer, newest first.

    Raises:
        LayerUnknown: the installed pack declares no such layer.
        TableUnknown: it holds nothing.
    """
    return list_versions(get_layer(code).table.code, count=count)


def diff_layer(code: str, old: int, new: int, *, after: str = "", limit: int = 100) -> LayerDiff:
    """What was added, removed and changed between two versions: counts of all, and a page of objects by key.

    Columns that only one of the versions has are not compared; nor does the diff show what is personal.

    Raises:
        LayerUnknown: the installed pack declares no such layer.
        TableUnknown: it holds nothing.
        VersionUnknown: there is no such version.
    """
    layer = get_layer(code)
    columns = _columns(layer, old, new)
    with connect_versions(layer.table.code, {"old": old, "new": new}) as lake:
        joined = _joined(layer.key, columns)
        counted = lake.execute(f"SELECT {_CHANGE}, count(*) FROM {joined} GROUP BY 1").fetchall()
        sql = f"SELECT coalesce(n.k, o.k) AS k, {_CHANGE} FROM {joined} AND coalesce(n.k, o.k) > ? ORDER BY 1 LIMIT ?"
        page = lake.execute(sql, [after, limit + 1]).fetchall()
        keys = [key for key, _ in page[:limit]]
        before, later = (_rows(lake, name, layer.key, columns, keys) for name in ("old", "new"))
        versions = lake.versions
    changes = tuple(_change(key, Change(change), before.get(key), later.get(key)) for key, change in page[:limit])
    counts = {change: dict(counted).get(change.value, 0) for change in Change}
    return LayerDiff(versions["old"], versions["new"], counts, changes, keys[-1] if len(page) > limit else None)


def _columns(layer: Layer, old: int, new: int) -> list[str]:
    held = [set(table_schema(layer.table.code, as_of=version).names) for version in (old, new)]
    shown = [column.code for column in layer.shown] + ([GEOMETRY] if layer.has_shapes else [])
    return [code for code in shown if code != layer.key and all(code in names for names in held)]


def _joined(key: str, columns: Sequence[str]) -> str:
    """Both versions side by side, by key, where they differ; a row is compared by its hash."""
    cells = ", ".join(f'"{code}"' for code in columns)
    side = f'(SELECT "{key}" AS k, hash(struct_pack({_packed(columns)})) AS h FROM "{{}}")' if cells else ""
    side = side or f'(SELECT "{key}" AS k, 0 AS h FROM "{{}}")'
    return f"{side.format('old')} o FULL JOIN {side.format('new')} n ON o.k = n.k WHERE o.h IS DISTINCT FROM n.h"


def _packed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{code}" := "{code}"' for code in columns)


def _rows(
    lake: LakeConnection, table: str, key: str, columns: Sequence[str], keys: Sequence[str]
) -> Mapping[str, Mapping[str, Any]]:
    cells = "".join(f', "{code}"' for code in columns)
    sql = f'SELECT "{key}"{cells} FROM "{table}" WHERE "{key}" IN (SELECT unnest(?))'
    found = lake.table(sql, [list(keys)]).to_pylist() if keys else []
    return {row[key]: {code: row[code] for code in columns} for row in found}


def _change(
    key: str, change: Change, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> ObjectChange:
    old, new = before or {}, after or {}
    differing = [code for code in {**old, **new} if old.get(code) != new.get(code)]
    return ObjectChange(
        key,
        change,
        {code: old[code] for code in differing if code in old},
        {code: new[code] for code in differing if code in new},
    )
