"""Reading `indicators/*.yaml` of a pack: bases, and groups of indicators, with every fault found on the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.core.packs.public import Fault, Item, Loaded, Row, parse_items, parse_row, read_yaml, rows_at

FOLDER, BASES = "indicators", "indicators/bases.yaml"
_CODE = r"^[a-z][a-z0-9_]{0,40}(\.[a-z][a-z0-9_]{0,60})*$"
Level = Literal["city", "district", "street", "community"]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class BaseLine(_Row):
    """A set of rows as written."""

    code: str = Field(pattern=_CODE)
    label: str = Field(min_length=2, max_length=60)
    sql: str = Field(min_length=10)
    source: str = Field(min_length=2, max_length=120)
    at: str = ""
    key: str = ""
    areas: dict[Literal["district", "street", "community"], str] = Field(default_factory=dict)
    every: Literal["minute", "hour", "day"] = "hour"
    steps: list[Literal["hour", "day", "month"]] = Field(default=["day"], min_length=1)
    shows: dict[str, str] = Field(default_factory=dict)


class ThresholdLine(_Row):
    """Thresholds as written."""

    attention: float | None = None
    alarm: float | None = None
    action: Literal["", "notify", "case"] = ""
    watch: list[Level] = ["city"]
    back: float = Field(default=0.02, ge=0, le=0.5)


class IndicatorLine(_Row):
    """One indicator as written."""

    code: str = Field(pattern=_CODE)
    label: str = Field(min_length=2, max_length=40)
    base: str
    value: str = Field(min_length=3)
    where: str = ""
    unit: str = Field(max_length=12)
    decimals: int = Field(default=0, ge=0, le=4)
    owner: str = ""
    better: Literal["up", "down", "none"] = "none"
    target: float | None = None
    thresholds: ThresholdLine = ThresholdLine()
    levels: list[Level] | None = None
    read: str = Field(min_length=6, max_length=400)
    empty: Literal["missing", "zero"] = "missing"
    least: int = Field(default=0, ge=0)


class GroupFile(_Row):
    """One file, without its indicators."""

    group: str = Field(pattern=_CODE)
    label: str = Field(min_length=2, max_length=30)
    owner: str = Field(min_length=2)
    order: int = 100
    indicators: list[Any] = Field(min_length=1)


@dataclass(frozen=True)
class GroupRead:
    """A group and its indicators as read."""

    head: Item[GroupFile]
    lines: Sequence[Item[IndicatorLine]]


@dataclass(frozen=True)
class Files:
    """Everything that was read."""

    bases: Sequence[Item[BaseLine]]
    groups: Sequence[GroupRead]


def load_files(root: Path) -> Loaded:
    """Read the folder; a pack without it has no indicators."""
    if not (root / BASES).exists():
        return Loaded(Files((), ()), [])
    row, faults = read_yaml(root, BASES)
    bases, found = _items(row, "bases", BaseLine) if row else ([], [])
    faults = [*faults, *found]
    groups = []
    for path in sorted((root / FOLDER).glob("*.yaml")):
        if path.name != "bases.yaml":
            group, found = _group(root, f"{FOLDER}/{path.name}")
            groups += [group] if group else []
            faults += found
    groups.sort(key=lambda each: (each.head.value.order, each.head.value.group))
    files = Files(bases, groups)
    return Loaded(files, [*faults, *_repeated(files)])


def _group(root: Path, name: str) -> tuple[GroupRead | None, list[Fault]]:
    row, faults = read_yaml(root, name)
    if row is None:
        return None, list(faults)
    head, found = parse_row(row, GroupFile)
    lines, more = _items(row, "indicators", IndicatorLine)
    return (GroupRead(head, lines) if head else None), [*faults, *found, *more]


def _items(row: Row, key: str, kind: type[Any]) -> tuple[list[Any], list[Fault]]:
    rows, shape = rows_at(row, key)
    items, found = parse_items(rows, kind)
    return list(items), [*shape, *found]


def _repeated(files: Files) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    named: list[tuple[str, Item[Any]]] = [(f"base {item.value.code}", item) for item in files.bases]
    named += [(f"indicator {item.value.code}", item) for group in files.groups for item in group.lines]
    for name, item in named:
        if name in seen:
            message = f"{item.value.code} 与 {seen[name]} 重复。"
            yield item.fault("indicators.duplicate", message, "请改正代码，或删去一处。", key="code")
        seen.setdefault(name, f"{item.row.file} 第 {item.row.line} 行")
