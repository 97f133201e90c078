"""`taxonomy.csv`: three levels of what people appeal about."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.apps.appeals.queries.directory import TAXONOMY
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

FILE = "taxonomy.csv"
_COLUMNS = (
    "code",
    "parent",
    "label",
    "level",
    "keywords",
    "urgent",
    "limit_days",
    "limit_source",
    "responsible",
    "assist",
)


class TaxonomyRow(BaseModel):
    """One class or leaf."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+){0,2}$", max_length=120)
    parent: str = ""
    label: str = Field(min_length=2, max_length=40)
    level: int = Field(ge=1, le=3)
    keywords: str = ""
    urgent: Literal["yes", "no"] = "no"
    limit_days: int | None = Field(default=None, ge=1, le=60)
    limit_source: str = ""
    responsible: str = ""
    assist: str = ""
    note: str = ""

    @property
    def words(self) -> list[str]:
        """The keywords as a list."""
        return [word.strip() for word in self.keywords.split(";") if word.strip()]


def load(root: Path) -> Loaded:
    """Read the tree."""
    rows, faults = read_csv(root, FILE, columns=_COLUMNS, optional=("note",), filled=True)
    items, found = parse_items(rows, TaxonomyRow)
    return Loaded(items, [*faults, *found])


def check(value: list[Item[TaxonomyRow]], pack: PackSource) -> Iterator[Fault]:
    """Parents, levels, duplicates; leaves have a limit and somebody responsible who exists."""
    by_code: dict[str, Item[TaxonomyRow]] = {}
    for item in value:
        if item.value.code in by_code:
            yield item.fault("taxonomy.duplicate", f"事项代码 {item.value.code} 重复。", "改用另一个代码。", key="code")
        by_code[item.value.code] = item
    for item in value:
        yield from _check_parent(item, by_code)
        if item.value.level == 3:
            yield from _check_leaf(item, pack)


def _check_parent(item: Item[TaxonomyRow], by_code: Mapping[str, Item[TaxonomyRow]]) -> Iterator[Fault]:
    row = item.value
    if row.level == 1:
        if row.parent:
            yield item.fault("taxonomy.parent", f"一级分类 {row.code} 不应有上级。", "清空 parent。", key="parent")
        return
    parent = by_code.get(row.parent)
    if parent is None:
        yield item.fault(
            "taxonomy.unknown_parent", f"上级 {row.parent} 不存在。", "先写上级，或改正 parent。", key="parent"
        )
    elif parent.value.level != row.level - 1:
        yield item.fault("taxonomy.level", f"{row.code} 的级别与上级不相连。", "级别应比上级多一级。", key="level")
    if not row.code.startswith(row.parent + "."):
        yield item.fault("taxonomy.code", f"{row.code} 应以 {row.parent}. 开头。", "代码要体现上级。", key="code")


def _check_leaf(item: Item[TaxonomyRow], pack: PackSource) -> Iterator[Fault]:
    row = item.value
    if row.limit_days is None:
        yield item.fault(
            "taxonomy.no_limit", f"事项「{row.label}」没有办理时限。", "填写 limit_days(工作日)。", key="limit_days"
        )
    if not row.words:
        yield item.fault(
            "taxonomy.no_keywords", f"事项「{row.label}」没有关键词。", "写 3 到 8 个，用分号隔开。", key="keywords"
        )
    for column in ("responsible", "assist"):
        text = getattr(row, column)
        if not text and column == "responsible":
            yield item.fault(
                "taxonomy.no_unit", f"事项「{row.label}」没有承办单位。", "例如 housing@district。", key=column
            )
        problem = expression_problem(text, pack) if text else ""
        if problem:
            yield item.fault("taxonomy.bad_unit", problem, "写成 职能@层级 或 unit:单位代码。", key=column)


def install(value: list[Item[TaxonomyRow]], _pack: PackSource, now: datetime) -> None:
    """Pin the tree as one definition."""
    rows = [stored_row(item.value) for item in value]
    pin_definition(TAXONOMY, TAXONOMY, {"rows": rows}, label="诉求分类", now=now)


def describe(value: list[Item[TaxonomyRow]]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every class and leaf."""
    for item in value:
        row = item.value
        fields: dict[str, Any] = {}
        if row.level == 3:
            days = f"{row.limit_days} 个工作日"
            urgent = "是" if row.urgent == "yes" else "否"
            fields = {
                "办理时限": days,
                "紧急": urgent,
                "承办": row.responsible,
                "协办": row.assist,
                "关键词": row.keywords,
            }
        yield ("事项" if row.level == 3 else "分类"), row.code, row.label, fields


def stored_row(row: TaxonomyRow) -> dict[str, Any]:
    """The pinned form of one row."""
    return {
        "code": row.code,
        "parent": row.parent,
        "label": row.label,
        "leaf": row.level == 3,
        "keywords": row.words,
        "urgent": row.urgent == "yes",
        "limit_days": row.limit_days or 0,
        "limit_source": row.limit_source,
        "responsible": row.responsible,
        "assist": row.assist,
    }


sections.add("taxonomy", Section("taxonomy", "诉求分类", load, check, install, describe))
