"""`licences.yaml`: the licences that the city issues. A pack without the file issues none."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.apps.licences.queries.types import KIND
from zhicheng.apps.licences.values import FORM_SOURCE, VALID_UNTIL, LineType, Mask
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

FILE = "licences.yaml"
CODE = r"^[a-z][a-z0-9_]*$"
MESSAGES = ("licence.issued", "licence.expiring", "licence.ended")


class FieldLine(BaseModel):
    """One line of a licence."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(pattern=CODE, max_length=40)
    label: str = Field(min_length=1, max_length=30)
    mask: Mask = "hidden"
    required: bool = True
    type: LineType = "text"
    choices: list[str] = Field(default_factory=list, max_length=40)
    unit: str = Field(default="", max_length=10)
    help: str = Field(default="", max_length=100)


class ValidityLine(BaseModel):
    """How long it stands: years, months, or `long_term`."""

    model_config = ConfigDict(extra="forbid")
    years: int = Field(default=0, ge=0, le=70)
    months: int = Field(default=0, ge=0, le=600)
    until: Literal["", "long_term", "given"] = ""


class TypeLine(BaseModel):
    """One type of licence."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(pattern=CODE, max_length=64)
    label: str = Field(min_length=2, max_length=40)
    issuer: str = Field(pattern=CODE)
    subject: Literal["person", "company"] = "person"
    validity: ValidityLine
    fields: list[FieldLine] = Field(min_length=1, max_length=20)
    renew_item: str = ""
    remind_days: list[int] = Field(default_factory=list, max_length=6)
    suite: Literal["ed25519", "sm2"] = "ed25519"
    illustrative: bool = True
    note: str = Field(default="", max_length=200)


Types = list[Item[TypeLine]]


def load(root: Path) -> Loaded:
    """Read the file, if the pack has one."""
    if not (root / FILE).exists():
        return Loaded([])
    rows, faults = read_yaml_rows(root, FILE, filled=True)
    items, found = parse_items(rows, TypeLine)
    return Loaded(items, [*faults, *found, *(fault for item in items for fault in _line_faults(item))])


def check(value: Types, pack: PackSource) -> Iterator[Fault]:
    """Each type once; its issuer is a function that a unit has; the messages about licences exist."""
    functions = {item.value.function for item in pack.values.get("units", ()) if item.value.function}
    seen: set[str] = set()
    for item in value:
        if item.value.code in seen:
            yield item.fault("licences.duplicate", f"证照 {item.value.code} 写了两次。", "只留一项。", key="code")
        seen.add(item.value.code)
        if item.value.issuer not in functions:
            message = f"没有单位承担职能 {item.value.issuer}，「{item.value.label}」没有发证机关。"
            yield item.fault("licences.issuer", message, "请改为 units.csv 里的职能代码。", key="issuer")
    yield from _prefill_faults(value, pack)
    if value:
        messages = pack.values.get("messages", {})
        for code in MESSAGES:
            if code not in messages:
                yield Fault(FILE, 0, "licences.message", f"缺少消息 {code}。", "请在 messages.yaml 里补上这条消息。")


def _prefill_faults(value: Types, pack: PackSource) -> Iterator[Fault]:
    """What forms take from licences, as `type.line`, is a line of a type."""
    lines = {f"{item.value.code}.{line.code}" for item in value for line in item.value.fields}
    for form in (pack.values.get("forms") or {}).values():
        for name, rules in form.value.form_schema.get("properties", {}).items():
            for taken in set(_taken(rules)) - lines:
                message = f"「{name}」：没有证照内容 {taken}，永远取不到。"
                hint = "请写 licences.yaml 里的 证照类型.内容项，或改正。"
                yield form.fault("licences.prefill", message, hint, key=f"schema.properties.{name}.x-prefill")


def _taken(rules: Mapping[str, Any]) -> Iterator[str]:
    given = rules.get("x-prefill", [])
    for pair in given if isinstance(given, list) else [given]:
        if pair["source"] == FORM_SOURCE:
            yield pair["field"]


def install(value: Types, _pack: PackSource, now: datetime) -> None:
    """Pin every type; licences keep the one that they were issued under."""
    for item in value:
        body = item.value.model_dump(exclude={"code", "label"})
        pin_definition(KIND, item.value.code, body, label=item.value.label, now=now)


def describe(value: Types) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every type."""
    for item in value:
        line = item.value
        fields = {
            "发证": line.issuer,
            "有效期": _validity_words(line.validity),
            "内容": "、".join(each.label for each in line.fields),
            "签名": line.suite,
        }
        yield "证照", line.code, line.label, fields


def _line_faults(item: Item[TypeLine]) -> Iterator[Fault]:
    line = item.value
    codes = [each.code for each in line.fields]
    for code in {code for code in codes if codes.count(code) > 1}:
        yield item.fault(
            "licences.field_twice", f"「{line.label}」的字段 {code} 写了两次。", "只留一个。", key="fields"
        )
    yield from _filling_faults(item)
    chosen = [bool(line.validity.years), bool(line.validity.months), bool(line.validity.until)]
    if sum(chosen) != 1:
        hint = "years、months、until（long_term 长期，given 由签发时写明）三者选一。"
        yield item.fault("licences.validity", f"「{line.label}」的有效期没有写清楚。", hint, key="validity")
    if line.remind_days and line.validity.until == "long_term":
        message = f"「{line.label}」长期有效，不会到期提醒。"
        yield item.fault("licences.remind", message, "请删去 remind_days。", key="remind_days")
    if any(days < 1 for days in line.remind_days):
        yield item.fault("licences.remind", "提前提醒的天数应大于 0。", "例如 [90, 30, 7]。", key="remind_days")


def _filling_faults(item: Item[TypeLine]) -> Iterator[Fault]:
    """How an officer fills a line fits together."""
    for index, each in enumerate(item.value.fields):
        key = f"fields.{index}"
        if (each.type == "choice") != bool(each.choices):
            message = f"「{each.label}」的 type 和 choices 对不上。"
            yield item.fault("licences.choices", message, "type: choice 要写 choices，其他类型不写。", key=key)
        if each.unit and each.type != "number":
            message = f"「{each.label}」不是数字，不能有计量单位。"
            yield item.fault("licences.unit", message, "请写 type: number，或删去 unit。", key=key)
        if each.code == VALID_UNTIL.code:
            hint = "有效期由签发时写明的，用 validity: {until: given}。"
            yield item.fault("licences.field_twice", f"字段代码 {each.code} 另有用途。", hint, key=key)


def _validity_words(validity: ValidityLine) -> str:
    if validity.years:
        return f"{validity.years} 年"
    if validity.months:
        return f"{validity.months} 个月"
    return "长期" if validity.until == "long_term" else "以签发为准"


sections.add("licences", Section("licences", "证照", load, check, install, describe))
