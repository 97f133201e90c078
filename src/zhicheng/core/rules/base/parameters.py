"""`rules/parameters/*.yaml`: amounts, ages and rates that the law sets, each a dated series with unit and source."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.core.packs.public import Fault, Item, Loaded, parse_items, read_yaml_rows
from zhicheng.engines.rules.values import DatedValue, LegalSource, Parameter, Value

FOLDER = "rules/parameters"
PARAMETERS = "rule_parameters"


class SourceLine(BaseModel):
    """Where the law says so."""

    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=2)
    clause: str = ""


class ValueLine(BaseModel):
    """A value from a day on; `value: null` ends the parameter."""

    model_config = ConfigDict(extra="forbid")
    from_date: date = Field(alias="from")
    value: Any
    source: SourceLine | None = None


class ParameterLine(BaseModel):
    """One parameter as written. Values without a source of their own have the parameter's."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=100)
    label: str = Field(min_length=1)
    type: Literal["boolean", "integer", "decimal", "text", "date"]
    unit: str = ""
    source: SourceLine
    values: list[ValueLine]


@dataclass(frozen=True)
class ParameterFile:
    """A parameter with the place it was read from."""

    item: Item[ParameterLine]
    parameter: Parameter


def load(root: Path) -> Loaded:
    """Read every file; a pack without the folder has no parameters."""
    found: list[ParameterFile] = []
    faults: list[Fault] = []
    for path in sorted((root / FOLDER).rglob("*.yaml")):
        rows, wrong = read_yaml_rows(root, path.relative_to(root).as_posix())
        items, unread = parse_items(rows, ParameterLine)
        faults += [*wrong, *unread]
        for item in items:
            parameter, wrong = _parameter(item)
            found.append(ParameterFile(item, parameter))
            faults += wrong
    return Loaded(found, faults)


def _parameter(item: Item[ParameterLine]) -> tuple[Parameter, list[Fault]]:
    line = item.value
    faults: list[Fault] = []
    values = []
    for index, entry in enumerate(line.values):
        value, ok = typed_value(line.type, entry.value)
        if not ok:
            message = f"参数「{line.code}」是 {line.type}，值“{entry.value}”不是。"
            faults.append(
                item.fault("parameter.value", message, "请改正值，或改正 type。", key=f"values.{index}.value")
            )
        source = entry.source or line.source
        values.append(DatedValue(entry.from_date, value, LegalSource(source.title, source.clause)))
    return Parameter(line.code, line.label, line.type, line.unit, tuple(values)), faults


def typed_value(kind: str, value: Any) -> tuple[Value | None, bool]:
    """A value from YAML as the type it was declared, and whether it is one; a decimal is read as it was written."""
    if value is None:
        return None, True
    if kind == "decimal" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(str(value)), True
    wanted = {"boolean": bool, "integer": int, "text": str, "date": date}.get(kind)
    fits = wanted is not None and isinstance(value, wanted) and (kind == "boolean" or not isinstance(value, bool))
    return (value if fits else None), fits
