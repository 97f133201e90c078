"""`levels.yaml`: the service levels that the city promises, with their targets and sources."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.apps.appeals.queries.directory import LEVELS
from zhicheng.core.packs.public import (
    Fault,
    Item,
    Loaded,
    PackSource,
    Section,
    parse_items,
    pin_definition,
    read_yaml_rows,
    sections,
)

FILE = "levels.yaml"
COUNTED = (
    "response_10min",
    "feedback_30min",
    "urgent_24h",
    "on_time",
    "within_3_days",
    "positive",
    "wrong_first_dispatch",
)


class LevelRow(BaseModel):
    """One promise."""

    model_config = ConfigDict(extra="forbid")
    code: str
    label: str = Field(min_length=2, max_length=40)
    target: float = Field(ge=0, le=1)
    direction: Literal["at_least", "at_most"] = "at_least"
    explanation: str = ""
    source: str = ""


def load(root: Path) -> Loaded:
    """Read the promises."""
    rows, faults = read_yaml_rows(root, FILE)
    items, found = parse_items(rows, LevelRow)
    return Loaded(items, [*faults, *found])


def check(value: list[Item[LevelRow]], _pack: PackSource) -> Iterator[Fault]:
    """Only levels that are counted; each once."""
    seen: set[str] = set()
    for item in value:
        if item.value.code not in COUNTED:
            hint = f"可选：{'、'.join(COUNTED)}。"
            yield item.fault("levels.unknown", f"不会计算指标 {item.value.code}。", hint, key="code")
        if item.value.code in seen:
            yield item.fault("levels.duplicate", f"指标 {item.value.code} 写了两次。", "只留一项。", key="code")
        seen.add(item.value.code)


def install(value: list[Item[LevelRow]], _pack: PackSource, now: datetime) -> None:
    """Pin the promises."""
    pin_definition(LEVELS, LEVELS, {"rows": [item.value.model_dump() for item in value]}, label="服务水平", now=now)


def describe(value: list[Item[LevelRow]]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every promise."""
    for item in value:
        row = item.value
        sign = "不低于" if row.direction == "at_least" else "不高于"
        yield "服务水平", row.code, row.label, {"目标": f"{sign} {row.target:.2%}"}


sections.add("levels", Section("levels", "服务水平", load, check, install, describe))
