"""`examples/appeals.csv`: appeals in residents' own style with their item, from which the classifier learns."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.apps.appeals.operations.learning import EXAMPLES
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

FILE = "examples/appeals.csv"


class ExampleRow(BaseModel):
    """One example."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=5, max_length=500)
    item: str


def load(root: Path) -> Loaded:
    """Read the examples."""
    rows, faults = read_csv(root, FILE, columns=("text", "item"))
    items, found = parse_items(rows, ExampleRow)
    return Loaded(items, [*faults, *found])


def check(value: list[Item[ExampleRow]], pack: PackSource) -> Iterator[Fault]:
    """Items that exist and are leaves; no text twice."""
    leaves = {item.value.code for item in pack.values.get("taxonomy") or () if item.value.level == 3}
    seen: set[str] = set()
    for item in value:
        if item.value.item not in leaves:
            message = f"事项 {item.value.item} 不存在，或不是最末一级。"
            yield item.fault("examples.unknown_item", message, "改成 taxonomy.csv 里三级事项的代码。", key="item")
        if item.value.text in seen:
            yield item.fault("examples.duplicate", "同一条例句写了两次。", "删去一条。", key="text")
        seen.add(item.value.text)


def install(value: list[Item[ExampleRow]], _pack: PackSource, now: datetime) -> None:
    """Pin the examples; training follows after the install."""
    rows = [item.value.model_dump() for item in value]
    pin_definition(EXAMPLES, EXAMPLES, {"rows": rows}, label="诉求例句", now=now)


def describe(value: list[Item[ExampleRow]]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """How many examples each item has: the texts themselves are not release notes."""
    for code, count in sorted(Counter(item.value.item for item in value).items()):
        yield "事项例句", code, code, {"条数": count}


sections.add("examples", Section("examples", "诉求例句", load, check, install, describe))
