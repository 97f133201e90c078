"""`rules/**/*.yaml`: rules, each entry one version; with parameters, tables and the lake's columns one book."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zhicheng.core.lake.public import read_tables
from zhicheng.core.packs.public import Fault, Item, Loaded, PackSource, parse_items, read_yaml_rows
from zhicheng.core.rules.base.parameters import PARAMETERS, SourceLine
from zhicheng.core.rules.base.tables import TABLES, TableFile
from zhicheng.core.rules.policy.bodies import entity_of
from zhicheng.engines.rules.book import Rulebook, build_book
from zhicheng.engines.rules.values import HitPolicy, LegalSource, Problem, RuleText

RULES = "rules"
_OTHERS = ("rules/parameters/", "rules/tables/")


class RuleLine(BaseModel):
    """One version of a rule as written."""

    model_config = ConfigDict(extra="forbid")
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=100)
    label: str = Field(min_length=1, max_length=100)
    entity: str = "person"
    type: Literal["boolean", "integer", "decimal", "text", "date"] = "boolean"
    unit: str = ""
    decimals: int = Field(default=2, ge=0, le=6)
    from_date: date = Field(alias="from")
    to_date: date | None = Field(default=None, alias="to")
    source: SourceLine
    expression: str = ""
    table: str = ""
    policy: HitPolicy | None = None
    otherwise: str = ""
    illustrative: bool = False
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _numbers_as_text(cls, values: Any) -> Any:
        """`expression: TRUE` and `otherwise: 0` are read by YAML as values; they are meant as text."""
        texts = {key: _text(values[key]) for key in ("expression", "otherwise") if key in values}
        return {**values, **texts}


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value) if isinstance(value, (int, float)) else value


def load(root: Path) -> Loaded:
    """Read every file; a pack without the folder has no rules."""
    items: list[Item[RuleLine]] = []
    faults: list[Fault] = []
    for path in sorted((root / "rules").rglob("*.yaml")):
        relative = path.relative_to(root).as_posix()
        if relative.startswith(_OTHERS):
            continue
        rows, wrong = read_yaml_rows(root, relative)
        found, unread = parse_items(rows, RuleLine)
        items += found
        faults += [*wrong, *unread]
    return Loaded(items, faults)


class _Key:
    """A loaded pack as a cache key: its own identity."""

    def __init__(self, pack: PackSource) -> None:
        self.pack = pack

    def __hash__(self) -> int:
        return id(self.pack.values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.pack.values is self.pack.values


def book_of(pack: PackSource) -> tuple[Rulebook, list[Problem]]:
    """The rulebook of a loaded pack and what is wrong with it; built once."""
    return _book_of(_Key(pack))


@lru_cache(maxsize=4)
def _book_of(key: _Key) -> tuple[Rulebook, list[Problem]]:
    values = key.pack.values
    entities = {code: entity_of(table) for code, table in read_tables(key.pack.root).items()}
    found = [file.parameter for file in values.get(PARAMETERS) or ()]
    tables = values.get(TABLES) or {}
    return build_book(entities, found, [_rule_text(item.value, tables) for item in values.get(RULES) or ()])


def _rule_text(line: RuleLine, tables: Mapping[str, TableFile]) -> RuleText:
    table = tables.get(line.table)
    return RuleText(
        id=line.id,
        label=line.label,
        entity=line.entity,
        type=line.type,
        from_date=line.from_date,
        source=LegalSource(line.source.title, line.source.clause),
        expression=line.expression if not line.table else "NULL",
        table=table.text(line.policy or "first", line.otherwise) if table is not None else None,
        to_date=line.to_date,
        unit=line.unit,
        decimals=line.decimals,
    )
