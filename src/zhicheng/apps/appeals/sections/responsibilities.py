"""`responsibilities.csv`: exceptions by area on top of each item's own rule."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.apps.appeals.queries.directory import RESPONSIBILITIES
from zhicheng.apps.appeals.sections.expressions import expression_problem
from zhicheng.core.packs.public import (
    Fault,
    Item,
    Loaded,
    PackSource,
    Section,
    parse_items,
    pin_definition,
    read_csv,
    sections,
)

FILE = "responsibilities.csv"


class ResponsibilityRow(BaseModel):
    """One exception."""

    model_config = ConfigDict(extra="forbid")
    item: str = Field(pattern=r"^[a-z0-9_.]+(\.\*)?$")
    area: str = Field(default="*", pattern=r"^(\*|\d{2,12})$")
    lead: str
    assist: str = ""
    note: str = ""


def load(root: Path) -> Loaded:
    """Read the exceptions; a pack without the file has none."""
    if not (root / FILE).exists():
        return Loaded([])
    rows, faults = read_csv(root, FILE, columns=("item", "area", "lead", "assist"), optional=("note",))
    items, found = parse_items(rows, ResponsibilityRow)
    return Loaded(items, [*faults, *found])


def check(value: list[Item[ResponsibilityRow]], pack: PackSource) -> Iterator[Fault]:
    """Items, areas and units that exist; each item and area once."""
    codes = [item.value.code for item in pack.values.get("taxonomy") or ()]
    seen: set[tuple[str, str]] = set()
    for item in value:
        row = item.value
        if not _is_known(row.item, codes):
            message = f"没有事项或分类 {row.item}。"
            yield item.fault(
                "responsibility.unknown_item", message, "改成 taxonomy.csv 里的代码，或以 .* 结尾的前缀。", key="item"
            )
        if (row.item, row.area) in seen:
            yield item.fault(
                "responsibility.duplicate", f"{row.item} 在 {row.area} 写了两次。", "只留一行。", key="item"
            )
        seen.add((row.item, row.area))
        yield from _check_area(item, pack)
        for column in ("lead", "assist"):
            problem = expression_problem(getattr(row, column), pack) if getattr(row, column) else ""
            if problem:
                yield item.fault("responsibility.bad_unit", problem, "写成 职能@层级 或 unit:单位代码。", key=column)


def _check_area(item: Item[ResponsibilityRow], pack: PackSource) -> Iterator[Fault]:
    codes = {entry.value.code for entry in pack.values.get("divisions") or ()}
    if item.value.area != "*" and codes and item.value.area not in codes:
        message = f"区域 {item.value.area} 不存在。"
        yield item.fault("responsibility.unknown_area", message, "改成 divisions.csv 里的代码，或写 *。", key="area")


def _is_known(pattern: str, codes: list[str]) -> bool:
    if not pattern.endswith(".*"):
        return pattern in codes
    return any(code.startswith(pattern[:-1]) for code in codes)


def install(value: list[Item[ResponsibilityRow]], _pack: PackSource, now: datetime) -> None:
    """Pin the list as one definition."""
    rows = [item.value.model_dump(include={"item", "area", "lead", "assist"}) for item in value]
    pin_definition(RESPONSIBILITIES, RESPONSIBILITIES, {"rows": rows}, label="职责清单", now=now)


def describe(value: list[Item[ResponsibilityRow]]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every exception."""
    for item in value:
        row = item.value
        yield "职责分工", f"{row.item}@{row.area}", f"{row.item}({row.area})", {"承办": row.lead, "协办": row.assist}


sections.add("responsibilities", Section("responsibilities", "职责清单", load, check, install, describe))
