"""divisions.csv: the tree of divisions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.core.packs.public import (
    MANIFEST,
    Fault,
    Item,
    Loaded,
    Manifest,
    PackSource,
    Section,
    parse_items,
    read_csv,
)
from zhicheng.core.places.operations.installing import install_divisions
from zhicheng.core.places.values import LEVELS

FILE = "divisions.csv"
LEVEL_NAMES = {"city": "市", "district": "区", "street": "街道", "community": "社区"}


class DivisionLine(BaseModel):
    """One line."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern=r"^[0-9A-Za-z]{1,15}$")
    name: str = Field(min_length=2, max_length=64)
    level: Literal["city", "district", "street", "community"]
    parent: str = ""
    note: str = Field(default="", max_length=200)


Divisions = Sequence[Item[DivisionLine]]


def load(root: Path) -> Loaded:
    """Read the file; faults of single lines and of the tree."""
    columns = ("code", "name", "level", "parent")
    rows, faults = read_csv(root, FILE, columns=columns, optional=("note",), filled=True)
    items, found = parse_items(rows, DivisionLine)
    faults = [*faults, *found]
    # a broken line is missing here: without this guard its children would be reported too
    if not found:
        faults += _tree_faults(items)
    return Loaded(items, [*faults, *_duplicates(items)])


def _duplicates(items: Divisions) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for item in items:
        code = item.value.code
        if code in first:
            message = f"区划代码 {code} 与第 {first[code]} 行重复。"
            yield item.fault("divisions.duplicate", message, "每个区划只能有一行，请删去一行或改正代码。")
        first.setdefault(code, item.row.line)
    names = Counter((item.value.parent, item.value.name) for item in items)
    for item in items:
        if names[item.value.parent, item.value.name] > 1 and first[item.value.code] == item.row.line:
            message = f"同一上级下有不止一个“{item.value.name}”。"
            yield item.fault("divisions.same_name", message, "请改正名称，或删去重复的一行。")


def _tree_faults(items: Divisions) -> Iterator[Fault]:
    level_of = {item.value.code: item.value.level for item in items}
    roots = [item for item in items if item.value.level == "city"]
    if items and len(roots) != 1:
        place = roots[1] if len(roots) > 1 else items[0]
        message = f"应有且只有一个市级区划，现在有 {len(roots)} 个。"
        yield place.fault("divisions.city", message, "请保留一行 level 为 city、parent 为空的区划。")
    below: dict[str, set[int]] = {}
    for item in items:
        below.setdefault(item.value.parent, set()).add(LEVELS.index(item.value.level))
    for item in items:
        yield from _parent_faults(item, level_of)
        yield from _skipping_faults(item, level_of, min(below[item.value.parent]))


def _skipping_faults(item: Item[DivisionLine], level_of: Mapping[str, str], widest: int) -> Iterator[Fault]:
    """A level may be missing, but not for some: a street beside districts belongs to one of them."""
    line = item.value
    if line.parent in level_of and widest < LEVELS.index(line.level):
        beside = LEVEL_NAMES[LEVELS[widest]]
        message = f"“{line.name}”是{LEVEL_NAMES[line.level]}，同一上级 {line.parent} 下面却还有{beside}。"
        yield item.fault("divisions.level", message, f"请把它的 parent 改为所在的{beside}。")


def _parent_faults(item: Item[DivisionLine], level_of: Mapping[str, str]) -> Iterator[Fault]:
    line = item.value
    if line.level == "city":
        if line.parent:
            yield item.fault("divisions.parent", "市级区划不应有上级。", "请清空 parent。")
    elif not line.parent:
        yield item.fault("divisions.parent", f"“{line.name}”没有填写上级。", "请在 parent 填写上一级的代码。")
    elif line.parent not in level_of:
        message = f"“{line.name}”的上级 {line.parent} 不存在。"
        yield item.fault("divisions.unknown_parent", message, "请改正 parent，或补上这个上级区划。")
    elif LEVELS.index(level_of[line.parent]) >= LEVELS.index(line.level):
        above, own = LEVEL_NAMES[level_of[line.parent]], LEVEL_NAMES[line.level]
        message = f"“{line.name}”是{own}，上级 {line.parent} 却是{above}。"
        yield item.fault(
            "divisions.level", message, "级别依次为 city、district、street、community；没有的一级可以跳过。"
        )


def check(value: Divisions, pack: PackSource) -> Iterable[Fault]:
    """The manifest's city must be the one in the file."""
    manifest: Manifest | None = pack.values.get(MANIFEST)
    city = next((item for item in value if item.value.level == "city"), None)
    if manifest is not None and city is not None and city.value.code != manifest.city_division:
        message = f"city_division 是 {manifest.city_division},{FILE} 里的市级区划是 {city.value.code}。"
        yield manifest.fault("divisions.city", message, "请使两处一致。", key="city_division")


def install(value: Divisions, _pack: PackSource, now: datetime) -> None:
    """Write the tree."""
    lines = [item.value for item in value]
    rows = [
        {"code": line.code, "name": line.name, "level": line.level, "parent_id": line.parent or None, "note": line.note}
        for line in lines
    ]
    install_divisions(rows, now=now)


def describe(value: Divisions) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Divisions by code."""
    for item in value:
        line = item.value
        fields = {"级别": LEVEL_NAMES[line.level], "上级": line.parent, "说明": line.note}
        yield "区划", line.code, line.name, fields


DIVISIONS = Section("divisions", "行政区划", load, check, install, describe)
