"""The same documents as pages for people: small, without scripts."""

import json
from typing import Any

from django.template.loader import render_to_string

from zhicheng.config.door.ogc.serving import Call
from zhicheng.core.places.public import LayerReader
from zhicheng.core.places.values import Layer

_MOST_COLUMNS = 9


def landing_page(layers: list[Layer]) -> str:
    """The list of layers."""
    return render_to_string("ogc/layers.html", {"layers": layers})


def layer_page(layer: Layer, bounds: Any, count: int) -> str:
    """One layer: what it is, its columns, how to get it."""
    return render_to_string("ogc/layer.html", {"layer": layer, "bounds": bounds, "count": count})


def items_page(call: Call, reader: LayerReader, rows: Any, links: list[dict[str, str]]) -> str:
    """A page of features as a table."""
    layer = call.layer
    shown = [column for column in layer.shown if column.code in reader.columns and column.code != layer.key]
    columns = shown[:_MOST_COLUMNS]
    table = reader.table(rows, list(dict.fromkeys([layer.key, *(column.code for column in columns)])))
    cells = [[_shown(column, row[column.code]) for column in columns] for row in table.to_pylist()]
    keys = table.column(layer.key).to_pylist()
    following = next((link["href"] for link in links if link["rel"] == "next"), "")
    lines = [{"key": key, "cells": line} for key, line in zip(keys, cells, strict=True)]
    return render_to_string("ogc/items.html", {"layer": layer, "columns": columns, "lines": lines, "next": following})


def feature_page(call: Call, reader: LayerReader, row: int) -> str:
    """One feature with all that is known of it."""
    body = json.loads(reader.features([row])[0])
    layer = call.layer
    facts = [(column.label, _shown(column, body["properties"].get(column.code)), column.unit) for column in layer.shown]
    return render_to_string("ogc/feature.html", {"layer": layer, "key": body["id"], "facts": facts})


def _shown(column: Any, value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(column.codes.get(value, value))
