"""`services/items/*.yaml`: the service items with their guides, one file a department."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from zhicheng.core.packs.public import Fault, Item, PackSource, parse_items, read_yaml_rows, sections

FOLDER = "services/items"
CODE = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$"
Audience = Literal["person", "company"]


class BasisRow(BaseModel):
    """A law."""

    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=4, max_length=120)
    clause: str = Field(default="", max_length=200)


class NeedRow(BaseModel):
    """A material that an item asks for."""

    model_config = ConfigDict(extra="forbid")
    code: str
    required: bool = True
    note: str = Field(default="", max_length=200)

    @field_validator("required", mode="before")
    @classmethod
    def _when(cls, value: Any) -> Any:
        """`when …` says that it is needed only sometimes: it is not required."""
        return False if isinstance(value, str) and value not in {"true", "false"} else value


class LimitRow(BaseModel):
    """Working days: what the law allows, what the city promises; `legal_text` are the law's words for other days."""

    model_config = ConfigDict(extra="forbid")
    legal_working_days: int = Field(ge=0, le=365)
    promised_working_days: int = Field(ge=0, le=365)
    legal_text: str = Field(default="", max_length=40)


class FeeRow(BaseModel):
    """What is charged."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=2, max_length=200)
    amount_cents: int = Field(default=0, ge=0)


class WindowRow(BaseModel):
    """Where to go in person."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=2, max_length=80)
    address: str = ""
    hours: str = ""


class DecideRow(BaseModel):
    """The rules of an item."""

    model_config = ConfigDict(extra="forbid")
    decide: str = ""


class ItemRow(BaseModel):
    """One service item."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(pattern=CODE, max_length=80)
    label: str = Field(min_length=3, max_length=60)
    department: str
    level: Literal["city", "district", "street", "community"] = "district"
    audience: list[Audience] = Field(min_length=1)
    life_events: list[str] = []
    keywords: list[str] = Field(default=[], max_length=30)
    kind: str = Field(min_length=2, max_length=12)
    legal_basis: list[BasisRow] = Field(min_length=1)
    conditions: list[str] = Field(min_length=1)
    materials: list[NeedRow] = []
    limit: LimitRow
    fee: FeeRow = FeeRow(text="不收费")
    windows: list[WindowRow] = []
    links: int = Field(ge=1, le=20)
    trips: int = Field(ge=0, le=9)
    result: str = Field(min_length=2, max_length=120)
    licence: str = ""
    licence_values: dict[str, str | list[str]] = {}
    form: str = ""
    rules: DecideRow = DecideRow()
    process: str = "application"
    apply_at: str = Field(default="", pattern=r"^(/[a-z0-9_/-]+/)?$")
    appliable: bool | None = None
    illustrative: bool = False


def load_items(root: Path) -> tuple[list[Item[ItemRow]], list[Fault]]:
    """Read every file of the folder; a pack without the folder has no catalogue."""
    items: list[Item[ItemRow]] = []
    faults: list[Fault] = []
    for path in sorted((root / FOLDER).glob("*.yaml")):
        rows, found = read_yaml_rows(root, f"{FOLDER}/{path.name}")
        parsed, wrong = parse_items(rows, ItemRow)
        items += parsed
        faults += [*found, *wrong]
    return items, faults


def check_items(items: list[Item[ItemRow]], pack: PackSource, known: "Known") -> Iterator[Fault]:
    """Codes are unique; departments, life events, materials exist; the promise keeps within the law."""
    seen: dict[str, Item[ItemRow]] = {}
    for item in items:
        row = item.value
        if row.code in seen:
            first = seen[row.code].row
            hint = f"第一次写在 {first.file} 第 {first.line} 行；请改用另一个代码。"
            yield item.fault("services.duplicate", f"事项代码 {row.code} 重复。", hint, key="code")
        seen[row.code] = item
        yield from _check_references(item, known)
        if row.limit.promised_working_days > row.limit.legal_working_days:
            yield item.fault(
                "services.limit", f"「{row.label}」承诺的时限比法定的还长。", "承诺时限应不超过法定时限。", key="limit"
            )
        yield from _check_online(item, pack)


class Known:
    """Codes that items may name."""

    def __init__(self, *, departments: frozenset[str], life_events: frozenset[str], materials: frozenset[str]) -> None:
        self.departments, self.life_events, self.materials = departments, life_events, materials


def _check_references(item: Item[ItemRow], known: Known) -> Iterator[Fault]:
    row = item.value
    if row.department not in known.departments:
        message = f"没有职能为 {row.department} 的单位。"
        yield item.fault("services.department", message, "请使用 units.csv 里的 function。", key="department")
    for index, event in enumerate(row.life_events):
        if event not in known.life_events:
            message = f"没有人生或企业事件 {event}。"
            hint = "请先在 services/life_events.yaml 里写它。"
            yield item.fault("services.life_event", message, hint, key=f"life_events.{index}")
    for index, need in enumerate(row.materials):
        if need.code not in known.materials:
            message = f"没有材料类型 {need.code}。"
            hint = "请先在 materials.yaml 或 services/materials.yaml 里写它。"
            yield item.fault("services.material", message, hint, key=f"materials.{index}.code")


def _check_online(item: Item[ItemRow], pack: PackSource) -> Iterator[Fault]:
    """What can be applied for has a form and a process that exist, and a licence type where it names one."""
    row = item.value
    if row.appliable and not row.form:
        yield item.fault(
            "services.no_form", f"「{row.label}」可以在线申请，却没有表单。", "请填写 form。", key="appliable"
        )
    for key, section, code, noun in (
        ("form", "forms", row.form, "表单"),
        ("process", "processes", row.process if row.form else "", "流程"),
        ("licence", "licences", row.licence, "证照类型"),
        ("rules", "rules", row.rules.decide, "规则"),
    ):
        if code and code not in codes_of(pack, section, default=code):
            yield item.fault(f"services.unknown_{key}", f"没有{noun} {code}。", f"请先写{noun}，或改正代码。", key=key)


def codes_of(pack: PackSource, section: str, *, default: str = "") -> frozenset[str]:
    """The codes that a section of the pack describes, without their dates; only `default` where it has none."""
    value = pack.values.get(section)
    if value is None or section not in sections:
        return frozenset({default})
    return frozenset(code.partition("@")[0] for _, code, _, _ in sections[section].describe(value))
