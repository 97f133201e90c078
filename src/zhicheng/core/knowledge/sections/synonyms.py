"""`assistant/synonyms.yaml`: what people call things, and the words that offices write for them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.core.knowledge.values import SYNONYMS, Synonyms
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

FILE = "assistant/synonyms.yaml"
Word = Annotated[str, Field(min_length=2, max_length=20)]


class SynonymRow(BaseModel):
    """`said` is looked for in a question; `means` is added to it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    means: Annotated[str, Field(min_length=2, max_length=30)]
    said: Annotated[tuple[Word, ...], Field(min_length=1)]


SynonymItem = Item[SynonymRow]


def register() -> None:
    """Register the section."""
    sections.add(SYNONYMS, Section(SYNONYMS, "近义说法", load, check, install, describe))


def load(root: Path) -> Loaded:
    """The rows of the file; a pack without it has none."""
    if not (root / FILE).exists():
        return Loaded([], [])
    rows, faults = read_yaml_rows(root, FILE)
    items, wrong = parse_items(rows, SynonymRow)
    return Loaded(items, [*faults, *wrong])


def check(items: Sequence[SynonymItem], _pack: PackSource) -> Iterator[Fault]:
    """A saying means one thing."""
    seen: dict[str, SynonymItem] = {}
    for item in items:
        for index, said in enumerate(item.value.said):
            other = seen.setdefault(said, item)
            if other is not item:
                message = f"“{said}”已经在第 {other.row.line} 行。"
                yield item.fault("synonyms.duplicate", message, "只留一处。", key=f"said.{index}")


def install(items: Sequence[SynonymItem], _pack: PackSource, now: datetime) -> None:
    """Pin the list."""
    pin_definition(SYNONYMS, SYNONYMS, {"pairs": pairs_of(items)}, label="近义说法", now=now)


def describe(items: Sequence[SynonymItem]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every word with what people say for it."""
    for item in items:
        yield "近义说法", item.value.means, item.value.means, {"说法": "、".join(item.value.said)}


def pairs_of(items: Sequence[SynonymItem]) -> Synonyms:
    """What is said → what it means."""
    return {said: item.value.means for item in items for said in item.value.said}


def read_synonyms(root: Path) -> Synonyms:
    """The sayings of a pack folder, whether it is installed or not; faulty rows are left out."""
    return pairs_of(load(root).value)
