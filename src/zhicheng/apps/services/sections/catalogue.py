"""The section `services`: items, themes, life events and material types make one catalogue."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.apps.services.queries.catalogue import CATALOGUE
from zhicheng.apps.services.sections.items import ItemRow, Known, check_items, codes_of, load_items
from zhicheng.apps.services.sections.licensing import check_licensing
from zhicheng.apps.services.sections.prefilling import check_prefilling
from zhicheng.apps.services.sections.themes import ThemeRow, check_themes, load_themes
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

_LIFE_EVENTS, _WAIVERS = "services/life_events.yaml", "services/waivers.yaml"
_MATERIALS = ("materials.yaml", "services/materials.yaml")


class LifeEventRow(BaseModel):
    """A way into the catalogue."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(min_length=2, max_length=20)
    audience: Literal["person", "company"]
    order: int = 0
    summary: str = Field(default="", max_length=120)
    icon: str = ""


class MaterialRow(BaseModel):
    """A kind of material; other packages read more of it."""

    model_config = ConfigDict(extra="ignore")
    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(min_length=2, max_length=60)
    kind: str = "document"
    licence: str = ""
    reader: str = "none"
    note: str = ""


class WaiverRow(BaseModel):
    """A material that the register replaces."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    material: str
    fact: str
    words: str = Field(min_length=4, max_length=40)
    value: bool | None = Field(default=None, alias="is")


@dataclass(frozen=True)
class CatalogueFiles:
    """What was read."""

    items: list[Item[ItemRow]]
    themes: list[Item[ThemeRow]]
    life_events: list[Item[LifeEventRow]]
    materials: list[Item[MaterialRow]]
    waivers: list[Item[WaiverRow]]


def load(root: Path) -> Loaded:
    """Read the catalogue; a pack without one is a city that only takes appeals."""
    items, faults = load_items(root)
    themes, found = load_themes(root)
    events, wrong = _optional(root, _LIFE_EVENTS, LifeEventRow)
    materials: list[Item[MaterialRow]] = []
    for name in _MATERIALS:
        some, bad = _optional(root, name, MaterialRow)
        materials += some
        wrong += bad
    waivers, unclear = _optional(root, _WAIVERS, WaiverRow)
    return Loaded(CatalogueFiles(items, themes, events, materials, waivers), [*faults, *found, *wrong, *unclear])


def _optional(root: Path, name: str, model: Any) -> tuple[list[Item[Any]], list[Fault]]:
    if not (root / name).exists():
        return [], []
    rows, faults = read_yaml_rows(root, name)
    items, found = parse_items(rows, model)
    return items, [*faults, *found]


def check(value: CatalogueFiles, pack: PackSource) -> Iterator[Fault]:
    """Everything that is named exists."""
    known = Known(
        departments=_departments(pack),
        life_events=frozenset(event.value.code for event in value.life_events),
        materials=frozenset(material.value.code for material in value.materials),
    )
    yield from _twice(value.life_events, "services.duplicate_event", "事件")
    yield from _twice(value.materials, "services.duplicate_material", "材料")
    yield from check_items(value.items, pack, known)
    yield from check_themes(value.themes, {item.value.code: item.value for item in value.items})
    yield from check_licensing(value.items, value.themes, pack)
    yield from check_prefilling(value.items, value.themes, pack)
    for waiver in value.waivers:
        if waiver.value.material not in known.materials:
            message = f"没有材料类型 {waiver.value.material}。"
            yield waiver.fault("services.waiver", message, "请改正 material。", key="material")
    forms = codes_of(pack, "forms")
    for theme in value.themes:
        if theme.value.form and "forms" in pack.values and theme.value.form not in forms:
            yield theme.fault("themes.unknown_form", f"没有表单 {theme.value.form}。", "请先写表单。", key="form")


def _departments(pack: PackSource) -> frozenset[str]:
    """What units of the pack do."""
    units: Any = pack.values.get("units") or ()
    return frozenset(unit.value.function for unit in units if unit.value.function)


def _twice(rows: list[Item[Any]], code: str, noun: str) -> Iterator[Fault]:
    seen = set[str]()
    for row in rows:
        if row.value.code in seen:
            yield row.fault(code, f"{noun}代码 {row.value.code} 重复。", "只留一处。", key="code")
        seen.add(row.value.code)


def install(value: CatalogueFiles, _pack: PackSource, now: datetime) -> None:
    """Pin the catalogue as one definition."""
    body = {
        "items": [item_body(item.value) for item in value.items],
        "themes": [theme.value.model_dump(mode="json") for theme in value.themes],
        "life_events": [row.value.model_dump(mode="json") for row in value.life_events],
        "materials": [row.value.model_dump(mode="json") for row in value.materials],
        "waivers": [row.value.model_dump(mode="json") for row in value.waivers],
    }
    pin_definition(CATALOGUE, CATALOGUE, body, label="政务服务目录", now=now)


def item_body(row: ItemRow) -> dict[str, Any]:
    """The pinned form of one item."""
    body = row.model_dump(mode="json", exclude={"limit", "fee", "rules", "appliable"})
    return {
        **body,
        **row.limit.model_dump(),
        "fee_text": row.fee.text,
        "fee_cents": row.fee.amount_cents,
        "decide": row.rules.decide,
    }


def describe(value: CatalogueFiles) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every item and theme."""
    for item in value.items:
        row = item.value
        yield (
            "政务服务事项",
            row.code,
            row.label,
            {
                "部门": row.department,
                "承诺时限": f"{row.limit.promised_working_days} 个工作日",
                "费用": row.fee.text,
                "材料": "、".join(need.code for need in row.materials),
                "在线申请": "是" if row.form else "否",
                "审批规则": row.rules.decide,
            },
        )
    for theme in value.themes:
        steps = "、".join(step.item for step in theme.value.items)
        yield "一件事主题", theme.value.code, theme.value.label, {"事项": steps, "说明": theme.value.summary}


sections.add("services", Section("services", "政务服务", load, check, install, describe))
