"""units.csv: the tree of units, who took over from whom, what each does where."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.core.packs.public import (
    MANIFEST,
    Fault,
    Item,
    Loaded,
    Manifest,
    PackSource,
    Section,
    parse_items,
    read_csv,
)
from zhicheng.core.parties.operations.units import install_units
from zhicheng.core.parties.queries.units import list_living_units
from zhicheng.core.parties.values import UnitRow

FILE = "units.csv"
COLUMNS = (
    "code", "name", "short_name", "kind", "parent", "division", "function", "phone", "ended_date", "successor",
)  # fmt: skip
KIND_NAMES = {
    "government": "政府",
    "department": "部门",
    "street_office": "街道办",
    "community": "社区",
    "company": "公用企业",
    "center": "中心",
}


class UnitLine(BaseModel):
    """One line."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern=r"^[0-9A-Z][0-9A-Z-]{0,39}$")
    name: str = Field(min_length=2, max_length=120)
    short_name: str = Field(default="", max_length=60)
    kind: Literal["government", "department", "street_office", "community", "company", "center"]
    parent: str = ""
    division: str = Field(pattern=r"^[0-9A-Za-z]{1,15}$")
    function: str = Field(default="", pattern=r"^([a-z][a-z0-9_]{0,39})?$")
    phone: str = Field(default="", max_length=40)
    ended_date: date | None = None
    successor: str = ""


Units = Sequence[Item[UnitLine]]


def load(root: Path) -> Loaded:
    """Read the file; faults of single lines, of the tree and of successors."""
    rows, faults = read_csv(root, FILE, columns=COLUMNS, filled=True)
    items, found = parse_items(rows, UnitLine)
    faults = [*faults, *found, *_duplicates(items)]
    if not found:  # a broken line is missing here: what names it would be reported too
        by_code = {item.value.code: item for item in items}
        for item in items:
            faults += [*_parent_faults(item, by_code), *_successor_faults(item, by_code)]
        faults += _root_faults(items)
    return Loaded(items, faults)


def check(value: Units, pack: PackSource) -> Iterable[Fault]:
    """Divisions must exist where the pack has them; the manifest's units must be here and living."""
    divisions = pack.values.get("divisions")
    if divisions:
        known = {item.value.code for item in divisions}
        for item in value:
            if item.value.division not in known:
                message = f"单位“{item.value.name}”的区划代码 {item.value.division} 不在 divisions.csv 里。"
                yield item.fault("units.unknown_division", message, "请改正 division，或在 divisions.csv 补上。")
    yield from _manifest_faults(value, pack)


def install(value: Units, _pack: PackSource, now: datetime) -> None:
    """Write the tree."""
    install_units([_row(item.value) for item in value], now=now)


def describe(value: Units) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every unit, for the release note."""
    for item in value:
        line = item.value
        fields = {
            "名称": line.name,
            "简称": line.short_name,
            "类别": KIND_NAMES[line.kind],
            "上级": line.parent,
            "区划": line.division,
            "职能": line.function,
            "电话": line.phone,
            "撤销日期": line.ended_date.isoformat() if line.ended_date else "",
            "承接单位": line.successor,
        }
        yield "单位", line.code, line.name, fields


def units_left_behind(pack: PackSource) -> Iterator[Fault]:
    """Guard: a unit that lives in the running city must not vanish from the pack without a successor."""
    named = {item.value.code for item in pack.values.get("units") or ()}
    for code, name in list_living_units():
        if code not in named:
            message = f"运行中的单位 {code}({name})在新的城市包里不见了。"
            hint = "单位不能删除：请保留这一行，填写 ended_date 和 successor(承接单位)。"
            yield Fault(FILE, 0, "units.left_behind", message, hint)


def _row(line: UnitLine) -> UnitRow:
    return UnitRow(**{**line.model_dump(), "parent": line.parent or None, "successor": line.successor or None})


def _duplicates(items: Units) -> Iterator[Fault]:
    first: dict[str, int] = {}
    serving: dict[tuple[str, str], str] = {}
    for item in items:
        line = item.value
        if line.code in first:
            message = f"单位代码 {line.code} 与第 {first[line.code]} 行重复。"
            yield item.fault("units.duplicate", message, "每个单位只能有一行，请改正代码或删去一行。")
            continue
        first[line.code] = item.row.line
        if line.ended_date is None and line.function:
            other = serving.setdefault((line.function, line.division), line.code)
            if other != line.code:
                message = f"{other} 和 {line.code} 在区划 {line.division} 都承担 {line.function}。"
                hint = "同一区划的同一职能只能有一个单位，请改正 function 或 division。"
                yield item.fault("units.same_function", message, hint)


def _parent_faults(item: Item[UnitLine], by_code: Mapping[str, Item[UnitLine]]) -> Iterator[Fault]:
    line = item.value
    if not line.parent:
        return
    if line.parent not in by_code:
        message = f"“{line.name}”的上级 {line.parent} 不存在。"
        yield item.fault("units.unknown_parent", message, "请改正 parent，或补上这个上级单位。")
    elif _is_cyclic(line.code, "parent", by_code):
        message = f"“{line.name}”沿着上级又回到了自己。"
        yield item.fault("units.cycle", message, "请改正 parent，使每个单位最终归属市级。")
    elif line.ended_date is None and by_code[line.parent].value.ended_date is not None:
        message = f"“{line.name}”的上级 {line.parent} 已撤销。"
        yield item.fault("units.ended_parent", message, "请把 parent 改为承接单位。")


def _successor_faults(item: Item[UnitLine], by_code: Mapping[str, Item[UnitLine]]) -> Iterator[Fault]:
    line = item.value
    if line.ended_date is None:
        if line.successor:
            message = f"“{line.name}”没有撤销日期，却写了承接单位。"
            yield item.fault("units.successor", message, "请填写 ended_date，或清空 successor。")
    elif not line.successor:
        message = f"“{line.name}”已撤销，但没有承接单位。"
        yield item.fault("units.no_successor", message, "请在 successor 填写承接其职责的单位。")
    elif line.successor not in by_code:
        message = f"“{line.name}”的承接单位 {line.successor} 不存在。"
        yield item.fault("units.unknown_successor", message, "请改正 successor，或补上这个单位。")
    elif _is_cyclic(line.code, "successor", by_code):
        message = f"“{line.name}”的承接关系绕回了自己。"
        yield item.fault("units.successor_cycle", message, "请让承接关系最终落到一个存续的单位。")


def _is_cyclic(code: str, column: str, by_code: Mapping[str, Item[UnitLine]]) -> bool:
    """Whether following a column from a unit comes back to that unit."""
    seen, current = set[str](), getattr(by_code[code].value, column)
    while current in by_code and current not in seen:
        if current == code:
            return True
        seen.add(current)
        current = getattr(by_code[current].value, column)
    return False


def _root_faults(items: Units) -> Iterator[Fault]:
    roots = [item for item in items if not item.value.parent and item.value.ended_date is None]
    for extra in roots[1:]:
        message = f"“{extra.value.name}”没有上级；整座城市只能有一个没有上级的单位({roots[0].value.code})。"
        yield extra.fault("units.root", message, "请填写 parent。")
    if items and not roots:
        yield Fault(FILE, 1, "units.root", "没有最上级的单位。", "请保留一个 parent 为空的单位。")


def _manifest_faults(value: Units, pack: PackSource) -> Iterator[Fault]:
    manifest: Manifest | None = pack.values.get(MANIFEST)
    if manifest is None or not value:
        return
    living = {item.value.code for item in value if item.value.ended_date is None}
    named = (
        ("fallback_unit", "兜底单位", manifest.fallback_unit),
        ("dispatch_unit", "分拨单位", manifest.dispatch_unit),
    )
    for key, label, code in named:
        if code and code not in living:
            message = f"{label} {code} 不在 {FILE} 里，或已撤销。"
            yield manifest.fault("units.manifest_unit", message, f"请改正 pack.yaml 的 {key}。", key=key)


UNITS = Section("units", "单位", load, check, install, describe)
