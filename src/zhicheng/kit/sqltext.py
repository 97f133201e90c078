"""Compose one SQL statement from parts that several packages contribute.

A data-modifying CTE is atomic and one round trip, so a write that touches the tables of several
packages is a list of parts: each package makes the parts of its own tables. Text only: nothing is run here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Part:
    """One named common table expression; `params` fill the `%s` of `text` in order."""

    name: str
    text: str
    params: tuple[Any, ...] = ()


def insert_rows(name: str, table: str, rows: Sequence[Mapping[str, Any]], *, gate: str = "") -> Part:
    """Insert rows that share their columns, as one JSON parameter whatever their number.

    PostgreSQL casts each value to its column (`jsonb_populate_recordset`). With `gate`, the name of an earlier
    part, rows are inserted only when that part returned a row.

    Raises:
        ValueError: there are no rows, or they differ in their columns.

    >>> insert_rows("made", "t", [{"id": 1}], gate="fresh").text.partition(" r ")[2]
    'WHERE EXISTS (SELECT 1 FROM fresh)'
    """
    if not rows:
        raise ValueError("no rows to insert")
    columns = list(rows[0])
    if any(row.keys() != rows[0].keys() for row in rows):
        raise ValueError("rows differ in their columns")
    text = (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join('r.' + column for column in columns)} "
        f"FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) r"
    )
    if gate:
        text += f" WHERE EXISTS (SELECT 1 FROM {gate})"
    return Part(name, text, (to_json(rows),))


def compose(parts: Sequence[Part], final: Part) -> tuple[str, tuple[Any, ...]]:
    """Join parts and the closing SELECT into statement text and parameters.

    Raises:
        ValueError: two parts have one name.

    >>> compose([Part("a", "SELECT %s", (1,))], Part("", "SELECT * FROM a"))
    ('WITH a AS (SELECT %s) SELECT * FROM a', (1,))
    """
    names = [part.name for part in parts]
    if len(set(names)) != len(names):
        raise ValueError(f"parts share a name: {names}")
    text = ", ".join(f"{part.name} AS ({part.text})" for part in parts)
    params = tuple(value for part in (*parts, final) for value in part.params)
    return (f"WITH {text} {final.text}" if parts else final.text), params


def to_json(value: Any) -> str:
    r"""JSON that PostgreSQL casts back to the column's type: bytes in hex form, instants as ISO 8601.

    >>> to_json({"b": b"\x01", "n": Decimal("1.50")})
    '{"b":"\\\\x01","n":"1.50"}'
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, frozenset | set | tuple):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"cannot write {type(value).__name__} as JSON")
