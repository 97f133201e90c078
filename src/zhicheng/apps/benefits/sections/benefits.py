"""`benefits/*.yaml`: benefits that nobody has to ask for. A pack without the folder has none."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.apps.benefits.queries.catalogue import BENEFIT_KIND
from zhicheng.apps.benefits.sections.groups import FILE as GROUPS_FILE
from zhicheng.apps.benefits.values import PERIOD_LABELS
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

FOLDER = "benefits"
CODE = r"^[a-z][a-z0-9_]*$"
_TYPES = {"rule": "boolean", "amount": "integer"}


class SourceLine(BaseModel):
    """Where the law says so."""

    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=2, max_length=120)
    clause: str = Field(default="", max_length=120)


class EventLine(BaseModel):
    """What a benefit is paid once for each of: a column with a date or a number."""

    model_config = ConfigDict(extra="forbid")
    column: str = Field(pattern=CODE)
    apart_days: int = Field(default=0, ge=0, le=3650)


class BenefitLine(BaseModel):
    """One benefit."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(pattern=CODE, max_length=64)
    label: str = Field(min_length=2, max_length=40)
    summary: str = Field(min_length=4, max_length=200)
    department: str = Field(pattern=CODE)
    audience: Literal["person", "company"] = "person"
    rule: str
    amount: str
    period: Literal["once", "month", "year"]
    event: EventLine | None = None
    per: Literal["person", "household"] = "person"
    pay: Literal["auto", "confirm"] = "auto"
    doorstep: bool = False
    legal_source: SourceLine


Benefits = list[Item[BenefitLine]]


def load(root: Path) -> Loaded:
    """Read every file of the folder."""
    items: Benefits = []
    faults: list[Fault] = []
    for path in sorted((root / FOLDER).glob("*.yaml")):
        relative = path.relative_to(root).as_posix()
        if relative == GROUPS_FILE:
            continue
        rows, wrong = read_yaml_rows(root, relative)
        found, unread = parse_items(rows, BenefitLine)
        items += found
        faults += [*wrong, *unread]
    return Loaded(items, faults)


def check(value: Benefits, pack: PackSource) -> Iterator[Fault]:
    """Each once; a department with its function; rules that exist, of the right type, about the audience."""
    functions = {item.value.function for item in pack.values.get("units", ()) if item.value.function}
    rules = {item.value.id: item.value for item in pack.values.get("rules") or ()}
    seen: set[str] = set()
    for item in value:
        line = item.value
        if line.code in seen:
            yield item.fault("benefits.duplicate", f"补贴 {line.code} 写了两次。", "只留一项。", key="code")
        seen.add(line.code)
        if line.department not in functions:
            message = f"没有单位承担职能 {line.department}，「{line.label}」没有主管部门。"
            yield item.fault("benefits.department", message, "请改为 units.csv 里的职能代码。", key="department")
        if line.audience == "company" and line.per == "household":
            message = f"「{line.label}」发给企业，不能按户计。"
            yield item.fault("benefits.per", message, "请写 per: person。", key="per")
        yield from _event_faults(item, pack)
        for key, kind in _TYPES.items():
            yield from _rule_faults(item, key, kind, rules)


def install(value: Benefits, _pack: PackSource, now: datetime) -> None:
    """Pin every benefit; a run keeps those that it was computed with."""
    for item in value:
        body = item.value.model_dump(exclude={"code", "label"})
        pin_definition(BENEFIT_KIND, item.value.code, body, label=item.value.label, now=now)


def describe(value: Benefits) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every benefit."""
    for item in value:
        line = item.value
        fields = {
            "主管": line.department,
            "周期": f"每次一份（{line.event.column}）" if line.event else PERIOD_LABELS[line.period],
            "按": "户" if line.per == "household" else "人",
            "发放": "确认后发放" if line.pay == "confirm" else "直接发放",
            "依据": f"{line.legal_source.title}{line.legal_source.clause}",
        }
        yield "补贴", line.code, line.label, fields


def _event_faults(item: Item[BenefitLine], pack: PackSource) -> Iterator[Fault]:
    """An event is a date or a number that the register of the audience holds, of a benefit paid once."""
    event = item.value.event
    if event is None:
        return
    if item.value.period != "once":
        message = f"「{item.value.label}」按事件发放，周期应是 once。"
        yield item.fault("benefits.event_period", message, "请写 period: once，或删去 event。", key="event")
    tables = {table.value.code: table.value for table in pack.values.get("lake") or ()}
    table = tables.get(item.value.audience)
    types = {column.code: column.type.value for column in table.columns} if table is not None else {}
    if types.get(event.column) not in {"date", "integer"}:
        message = f"「{item.value.label}」的事件 {event.column} 不是登记里的日期或整数。"
        yield item.fault("benefits.event_column", message, "请写 lake/ 里类型为 date 或 integer 的列。", key="event")


def _rule_faults(item: Item[BenefitLine], key: str, kind: str, rules: Mapping[str, Any]) -> Iterator[Fault]:
    name = getattr(item.value, key)
    rule = rules.get(name)
    if rule is None:
        yield item.fault("benefits.rule", f"没有规则「{name}」。", "规则写在 rules/ 下，请核对代码。", key=key)
    elif rule.type != kind or rule.entity != item.value.audience:
        message = f"规则「{name}」应是关于 {item.value.audience} 的 {kind} 规则。"
        yield item.fault("benefits.rule_type", message, "条件是 boolean，金额是 integer（单位：分）。", key=key)


sections.add("benefits", Section("benefits", "免申即享补贴", load, check, install, describe))
