"""A declared table as an Arrow schema, as the body of a pinned definition, and back."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from zhicheng.core.lake.values import Column, ColumnType, EntityTable

KIND = "lake_table"  # of pinned definitions
DECIMAL = pa.decimal128(18, 4)
_TYPES: Mapping[ColumnType, pa.DataType] = {
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.DECIMAL: DECIMAL,
    ColumnType.TEXT: pa.string(),
    ColumnType.DATE: pa.date32(),
    ColumnType.REAL: pa.float64(),
    ColumnType.TIMESTAMP: pa.timestamp("us", tz="UTC"),
    ColumnType.GEOMETRY: pa.binary(),
}


def arrow_type(column: Column) -> pa.DataType:
    """What a column is stored as."""
    return _TYPES[column.type]


def arrow_schema(table: EntityTable) -> pa.Schema:
    """Every column nullable on disk: what may not be empty is refused at the door, not by the reader."""
    return pa.schema([pa.field(column.code, arrow_type(column)) for column in table.columns])


def body_of(table: EntityTable) -> dict[str, Any]:
    """What is pinned."""
    columns = [
        {
            "code": column.code,
            "label": column.label,
            "type": column.type.value,
            "unit": column.unit,
            "codes": dict(column.codes),
            "nullable": column.nullable,
            "personal": column.personal,
            "least": column.least,
            "most": column.most,
        }
        for column in table.columns
    ]
    return {"code": table.code, "label": table.label, "key": table.key, "source": table.source, "columns": columns}


def table_of(body: Mapping[str, Any]) -> EntityTable:
    """The table that a pinned body describes."""
    columns = tuple(Column(**{**column, "type": ColumnType(column["type"])}) for column in body["columns"])
    return EntityTable(body["code"], body["label"], body["key"], body["source"], columns)
