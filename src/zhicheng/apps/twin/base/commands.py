"""The words of a pack folder, gathered in one plain body: its `commands/*.yaml` and every name it declares elsewhere.

The body is pinned when the pack is installed, so that commands are read with the words of one release; and it is what
the evaluation reads, without a database.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from zhicheng.core.lake.public import read_tables
from zhicheng.core.lake.values import Column
from zhicheng.core.packs.public import Row, read_csv, read_yaml, read_yaml_rows
from zhicheng.core.places.public import read_layers
from zhicheng.core.places.values import LayerColumn
from zhicheng.engines.commands.assembling import Area, Source, name_places, name_unit
from zhicheng.engines.commands.declaring import DeclaredColumn, DeclaredTable
from zhicheng.engines.commands.indicators import Indicators, KnownIndicator, name_indicators

FOLDER = "commands"
_HIDDEN = ("longitude", "latitude", "synthetic")


def gather_words(root: Path) -> dict[str, Any]:
    """Everything that can be said about the city of a pack folder. What has faults is left to its own section."""
    found = [read_yaml(root, f"{FOLDER}/{path.name}")[0] for path in sorted((root / FOLDER).glob("*.yaml"))]
    words = [row.values for row in found if row is not None]
    return {
        "words": words,
        "tables": [*_layer_bodies(root), *_table_bodies(root, words)],
        "codes": _codes(root),
        "divisions": _rows(root, "divisions.csv", ("code", "name", "level", "parent")),
        "landmarks": _rows(root, "landmarks.csv", ("name", "aliases", "longitude", "latitude", "kind")),
        "units": _rows(root, "units.csv", ("code", "name", "short_name", "division")),
    }


def _layer_bodies(root: Path) -> Iterable[dict[str, Any]]:
    for layer in read_layers(root).values():
        columns = [_column(column) for column in layer.columns if not column.personal and column.code not in _HIDDEN]
        yield {
            "code": layer.code,
            "label": layer.label,
            "key": layer.key,
            "words": list(layer.words),
            "located": layer.has_shapes or any(column.code == "building_key" for column in layer.columns),
            "columns": columns,
        }


def _table_bodies(root: Path, words: Sequence[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """Tables of the lake that the words speak of: the others are not asked."""
    asked = {code for found in words for code in found.get("tables") or ()}
    for table in (table for table in read_tables(root).values() if table.code in asked):
        columns = [_column(column) for column in table.columns if not column.personal and column.code not in _HIDDEN]
        located = any(column.code == "longitude" for column in table.columns)
        yield {
            "code": table.code,
            "label": table.label,
            "key": table.key,
            "words": [],
            "located": located,
            "columns": columns,
        }


def _column(column: Column) -> dict[str, Any]:
    more = column if isinstance(column, LayerColumn) else None
    return {
        "code": column.code,
        "label": column.label,
        "type": column.type.value,
        "unit": column.unit,
        "codes": dict(column.codes),
        "words": list(more.words) if more else [],
        "synonyms": {code: list(words) for code, words in more.synonyms.items()} if more else {},
    }


def _codes(root: Path) -> list[dict[str, Any]]:
    """Codes that stand in other files of the pack: the taxonomy, processes, kinds of licences."""
    taxonomy = {row["code"]: row["label"] for row in _rows(root, "taxonomy.csv", ("code", "label"))}
    processes = [read_yaml(root, f"processes/{path.name}")[0] for path in sorted((root / "processes").glob("*.yaml"))]
    licences = read_yaml_rows(root, "licences.yaml")[0] if (root / "licences.yaml").exists() else []
    found = [("case", "category", taxonomy), ("case", "process", _labels(processes))]
    found.append(("licence", "type", _labels(licences)))
    return [{"table": table, "column": column, "codes": codes} for table, column, codes in found if codes]


def _labels(rows: Iterable[Row | None]) -> dict[str, str]:
    named = [row.values for row in rows if row is not None and "label" in row.values]
    return {str(values["code"]): str(values["label"]) for values in named if "code" in values}


def _rows(root: Path, file: str, columns: Sequence[str]) -> list[dict[str, str]]:
    rows, _ = read_csv(root, file)
    return [{name: str(row.values.get(name) or "") for name in columns} for row in rows]


def source_of(body: Mapping[str, Any], roads: Iterable[str] = ()) -> Source:
    """What a vocabulary is made of, from a gathered body and the names of the roads that there are."""
    return Source(
        words=body["words"],
        tables={table["code"]: _declared(table) for table in body["tables"]},
        codes={(found["table"], found["column"]): found["codes"] for found in body["codes"]},
        places=name_places([*_areas(body), *_roads(body, roads)]),
        units=_units(body),
    )


def with_synonyms(words: Sequence[Mapping[str, Any]], known: Iterable[KnownIndicator]) -> Indicators:
    """Indicators by their names and what the pack's `commands/*.yaml` calls them besides."""
    more: dict[str, list[str]] = {}
    for found in words:
        for code, said in (found.get("indicators") or {}).items():
            more.setdefault(str(code), []).extend(map(str, said))
    return name_indicators(replace(each, words=(*each.words, *more.get(each.code, ()))) for each in known)


def _declared(body: Mapping[str, Any]) -> DeclaredTable:
    columns = tuple(DeclaredColumn(**column) for column in body["columns"])
    plain = {name: body[name] for name in ("code", "label", "key", "located")}
    return DeclaredTable(**plain, words=tuple(body["words"]), columns=columns)


def _areas(body: Mapping[str, Any]) -> Iterable[Area]:
    parents = {row["code"]: row["parent"] for row in body["divisions"]}
    for row in body["divisions"]:
        yield Area(row["level"], row["name"], row["code"], tuple(_chain(row["code"], parents)))
    for row in body["landmarks"]:
        aliases = tuple(alias for alias in row["aliases"].split(";") if alias)
        kind = "road" if row["kind"] == "road" else "landmark"
        code = "" if kind == "road" else f"{row['longitude']},{row['latitude']}"
        yield Area(kind, row["name"], code, aliases=aliases)


def _chain(code: str, parents: Mapping[str, str]) -> Iterable[str]:
    while code := parents.get(code, ""):
        yield code


def _roads(body: Mapping[str, Any], names: Iterable[str]) -> Iterable[Area]:
    """Named roads of the layer that no landmark tells of already."""
    known = {row["name"] for row in body["landmarks"]}
    for name in sorted({*names}):
        if name and name not in known and len(name) > 1:
            yield Area("road", name, "")


def _units(body: Mapping[str, Any]) -> list[Any]:
    districts = {row["code"]: row["name"] for row in body["divisions"] if row["level"] == "district"}
    return [
        name_unit(row["code"], row["name"], row["short_name"], districts.get(row["division"], ""))
        for row in body["units"]
    ]
