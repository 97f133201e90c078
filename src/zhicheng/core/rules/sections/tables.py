"""The section of decision tables."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from zhicheng.core.packs.public import Fault, PackSource, Section, sections
from zhicheng.core.rules.base.tables import FOLDER, TABLES, TableFile, load


def check(value: dict[str, TableFile], pack: PackSource) -> Iterable[Fault]:
    """Tables that no rule uses are most likely a name written wrong."""
    used = {item.value.table for item in pack.values.get("rules", ())}
    for name in value:
        if name not in used:
            message = f"没有规则使用这张表「{name}」。"
            yield Fault(f"{FOLDER}/{name}", 1, "table.unused", message, "请在规则里写 table: 文件名，或删去这张表。")


def install(_value: dict[str, TableFile], _pack: PackSource, _now: datetime) -> None:
    """Nothing: a table is pinned with the rule that uses it."""


def describe(value: dict[str, TableFile]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """A table row by row."""
    for name, table in value.items():
        rows = {f"第 {row.line} 行": "，".join(f"{k}={v}" for k, v in row.values.items()) for row in table.rows}
        yield "决策表", name, name, rows


sections.add(TABLES, Section(TABLES, "决策表", load, check, install, describe))
