"""`services/themes/*.yaml`: several items that a person experiences as one thing, one file a theme."""

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.apps.services.sections.items import Audience, ItemRow
from zhicheng.core.packs.public import Fault, Item, parse_row, read_yaml

FOLDER = "services/themes"


class StepRow(BaseModel):
    """An item of the theme."""

    model_config = ConfigDict(extra="forbid")
    item: str
    label: str = Field(default="", max_length=40)
    after: list[str] = []
    optional: bool = False
    when: str = Field(default="", max_length=200)


class ThemeRow(BaseModel):
    """One theme."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
    label: str = Field(min_length=3, max_length=40)
    audience: list[Audience] = Field(min_length=1)
    summary: str = Field(min_length=10, max_length=400)
    keywords: list[str] = []
    life_events: list[str] = []
    items: list[StepRow] = Field(min_length=2)
    form: str = ""
    result: str = Field(default="", max_length=200)
    order: int = 100


def load_themes(root: Path) -> tuple[list[Item[ThemeRow]], list[Fault]]:
    """Read every file of the folder."""
    themes: list[Item[ThemeRow]] = []
    faults: list[Fault] = []
    for path in sorted((root / FOLDER).glob("*.yaml")):
        row, found = read_yaml(root, f"{FOLDER}/{path.name}")
        faults += found
        if row is None:
            continue
        theme, wrong = parse_row(row, ThemeRow)
        faults += wrong
        themes += [theme] if theme else []
    return themes, faults


def check_themes(themes: list[Item[ThemeRow]], items: Mapping[str, ItemRow]) -> Iterator[Fault]:
    """Items exist, once each; the order has no cycle; themes are unique."""
    seen = set[str]()
    for theme in themes:
        if theme.value.code in seen:
            yield theme.fault("themes.duplicate", f"主题代码 {theme.value.code} 重复。", "改用另一个代码。", key="code")
        seen.add(theme.value.code)
        yield from _check_steps(theme, items)
        yield from _check_order(theme)


def _check_steps(theme: Item[ThemeRow], items: Mapping[str, ItemRow]) -> Iterator[Fault]:
    codes = [step.item for step in theme.value.items]
    for index, step in enumerate(theme.value.items):
        key = f"items.{index}.item"
        if step.item not in items:
            yield theme.fault(
                "themes.unknown_item", f"没有事项 {step.item}。", "请先在 services/items 里写它。", key=key
            )
        if codes.index(step.item) != index:
            yield theme.fault("themes.twice", f"事项 {step.item} 写了两次。", "只留一处。", key=key)
        for earlier in step.after:
            if earlier not in codes:
                message = f"先办事项 {earlier} 不在这个主题里。"
                yield theme.fault("themes.unknown_after", message, "请改正 after，或把它加进主题。", key=key)


def _check_order(theme: Item[ThemeRow]) -> Iterator[Fault]:
    try:
        tuple(TopologicalSorter({step.item: step.after for step in theme.value.items}).static_order())
    except CycleError as error:
        chain = " → ".join(error.args[1])
        yield theme.fault("themes.cycle", f"先后顺序绕成了圈：{chain}。", "请去掉其中一个 after。", key="items")
