"""Rules, parameters and entities as the bodies of pinned definitions, and back."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from zhicheng.core.lake.values import ColumnType as Stored
from zhicheng.core.lake.values import EntityTable
from zhicheng.engines.rules.values import (
    Column,
    ColumnType,
    DatedValue,
    Entity,
    LegalSource,
    Parameter,
    RuleText,
    TableRow,
    TableText,
    Value,
)

RULE_KIND, PARAMETER_KIND, BOOK_KIND, BOOK_CODE = "rule", "rule_parameter", "rulebook", "rules"


_TYPES: Mapping[Stored, ColumnType] = {
    Stored.BOOLEAN: "boolean",
    Stored.INTEGER: "integer",
    Stored.DECIMAL: "decimal",
    Stored.TEXT: "text",
    Stored.DATE: "date",
}


def entity_of(table: EntityTable) -> Entity:
    """A table of the lake as the engine sees it: without the columns of types that rules do not read."""
    readable = [(column, _TYPES[column.type]) for column in table.columns if column.type in _TYPES]
    columns = {c.code: Column(c.code, c.label, kind, c.unit, c.codes, c.least, c.most) for c, kind in readable}
    return Entity(table.code, table.label, table.key, columns)


def entity_body(entity: Entity, used: set[str]) -> dict[str, Any]:
    """An entity with the columns that rules use."""
    columns = [_column_body(column) for column in entity.columns.values() if column.code in used]
    return {"code": entity.code, "label": entity.label, "key": entity.key, "columns": columns}


def _column_body(column: Column) -> dict[str, Any]:
    bounds = {"least": column.least, "most": column.most}
    said = {name: bound for name, bound in bounds.items() if bound is not None}
    body = {"code": column.code, "label": column.label, "type": column.type, "unit": column.unit}
    return {**body, "codes": dict(column.codes), **said}


def entity_from(body: Mapping[str, Any]) -> Entity:
    """The entity of a pinned body."""
    columns = {column["code"]: Column(**column) for column in body["columns"]}
    return Entity(body["code"], body["label"], body["key"], columns)


def parameter_body(parameter: Parameter) -> dict[str, Any]:
    """A parameter as pinned; numbers as text, so that they stay exact."""
    values = [
        {
            "from": dated.from_date.isoformat(),
            "value": None if dated.value is None else str(dated.value),
            "source": _source_body(dated.source),
        }
        for dated in parameter.values
    ]
    return {
        "code": parameter.code,
        "label": parameter.label,
        "type": parameter.type,
        "unit": parameter.unit,
        "values": values,
    }


def parameter_from(body: Mapping[str, Any]) -> Parameter:
    """The parameter of a pinned body."""
    values = tuple(
        DatedValue(date.fromisoformat(v["from"]), _value_from(body["type"], v["value"]), LegalSource(**v["source"]))
        for v in body["values"]
    )
    return Parameter(body["code"], body["label"], body["type"], body["unit"], values)


def rule_body(versions: Sequence[RuleText]) -> dict[str, Any]:
    """All versions of a rule as pinned."""
    return {"id": versions[0].id, "versions": [_version_body(text) for text in versions]}


def rules_from(body: Mapping[str, Any]) -> list[RuleText]:
    """The versions of a pinned rule."""
    return [_version_from(body["id"], version) for version in body["versions"]]


def _version_body(text: RuleText) -> dict[str, Any]:
    body: dict[str, Any] = {
        "label": text.label,
        "entity": text.entity,
        "type": text.type,
        "unit": text.unit,
        "decimals": text.decimals,
        "from": text.from_date.isoformat(),
        "to": text.to_date.isoformat() if text.to_date else None,
        "source": _source_body(text.source),
        "expression": text.expression,
    }
    if text.table is not None:
        rows = [[row.line, list(row.cells), row.result] for row in text.table.rows]
        body["table"] = {"policy": text.table.policy, "inputs": list(text.table.inputs), "rows": rows}
        body["table"]["otherwise"] = text.table.otherwise
    return body


def _version_from(rule: str, body: Mapping[str, Any]) -> RuleText:
    table = body.get("table")
    if table is not None:
        rows = tuple(TableRow(line, tuple(cells), result) for line, cells, result in table["rows"])
        table = TableText(table["policy"], tuple(table["inputs"]), rows, table["otherwise"])
    return RuleText(
        id=rule,
        label=body["label"],
        entity=body["entity"],
        type=body["type"],
        from_date=date.fromisoformat(body["from"]),
        source=LegalSource(**body["source"]),
        expression=body["expression"],
        table=table,
        to_date=date.fromisoformat(body["to"]) if body["to"] else None,
        unit=body["unit"],
        decimals=body["decimals"],
    )


def _source_body(source: LegalSource) -> dict[str, str]:
    return {"title": source.title, "clause": source.clause}


def _value_from(kind: str, text: str | None) -> Value | None:
    if text is None:
        return None
    if kind == "boolean":
        return text == "True"
    if kind == "integer":
        return int(text)
    if kind == "decimal":
        return Decimal(text)
    return date.fromisoformat(text) if kind == "date" else text
