"""commands/*.yaml: what people call things, on top of what layers and tables declare."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from zhicheng.apps.twin.base.commands import FOLDER, gather_words, source_of
from zhicheng.core.packs.public import Fault, Loaded, PackSource, Row, Section, pin_definition, read_yaml
from zhicheng.engines.commands.assembling import assemble

KIND = "commands"
_KEYS = frozenset({"tables", "fillers", "vague", "indicators"})


def load(root: Path) -> Loaded:
    """Read every file; a condition or measure that cannot be read is a fault."""
    faults: list[Fault] = []
    rows: list[Row] = []
    for path in sorted((root / FOLDER).glob("*.yaml")):
        row, found = read_yaml(root, f"{FOLDER}/{path.name}")
        faults += found
        rows += [row] if row is not None else []
    faults += [fault for row in rows for fault in _unknown(row)]
    if faults or not rows:
        return Loaded(None, faults)
    try:
        body = gather_words(root)
        assemble(source_of(body))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        fault = rows[0].fault("commands.unreadable", f"说法写错了：{error}", "请对照 docs/guide/commands.md 改正。")
        return Loaded(None, [fault])
    return Loaded(body)


def _unknown(row: Row) -> Iterator[Fault]:
    for key in row.values:
        if key not in _KEYS:
            yield row.fault(
                "commands.key", f"不认识的 {key}。", "只能写 tables、fillers、vague、indicators。", key=str(key)
            )


def check(_value: Any, _pack: PackSource) -> Iterable[Fault]:
    """Nothing needs another section: unknown columns are only words that nobody can use."""
    return ()


def install(value: Any, _pack: PackSource, now: datetime) -> None:
    """Pin all words as one definition."""
    if value is not None:
        pin_definition(KIND, KIND, value, label="问地图的说法", now=now)


def describe(value: Any) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Tables with what they are called."""
    for found in (value or {}).get("words", ()):
        for code, table in (found.get("tables") or {}).items():
            yield "问地图", code, str(table.get("label", code)), {"叫法": "、".join(map(str, table.get("words", ())))}


COMMANDS = Section("commands", "问地图的说法", load, check, install, describe)
