"""`policies/*.yaml`: policy documents with versions and clauses, who is eligible, what to apply with."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.apps.policies.queries.library import POLICIES
from zhicheng.core.packs.public import (
    MANIFEST,
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

FOLDER = "policies"


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class ClauseRow(_Row):
    """An article."""

    code: str = Field(pattern=r"^[a-z0-9_]+$", max_length=24)
    title: str = Field(min_length=2, max_length=40)
    text: str = Field(min_length=6, max_length=3000)


class VersionRow(_Row):
    """A version of a document."""

    code: str = Field(pattern=r"^[a-z0-9_.]+$", max_length=24)
    number: str = Field(min_length=2, max_length=60)
    from_date: date = Field(alias="from")
    to_date: date | None = Field(default=None, alias="to")
    clauses: list[ClauseRow] = Field(min_length=1)


class PolicyRow(_Row):
    """A policy."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$", max_length=60)
    label: str = Field(min_length=4, max_length=60)
    issuer: str
    region: str = ""
    audience: list[Literal["person", "company"]] = Field(min_length=1)
    topics: list[str] = Field(min_length=1)
    keywords: list[str] = []
    summary: str = Field(min_length=10, max_length=300)
    support: str = Field(default="", max_length=120)
    versions: list[VersionRow] = Field(min_length=1)
    rule: str = ""
    item: str = ""
    benefit: str = ""
    illustrative: bool = False


def load(root: Path) -> Loaded:
    """Read every file of the folder; a pack without it has an empty library."""
    items: list[Item[PolicyRow]] = []
    faults: list[Fault] = []
    for path in sorted((root / FOLDER).glob("*.yaml")):
        rows, found = read_yaml_rows(root, f"{FOLDER}/{path.name}")
        parsed, wrong = parse_items(rows, PolicyRow)
        items += parsed
        faults += [*found, *wrong]
    return Loaded(items, faults)


def check(value: list[Item[PolicyRow]], pack: PackSource) -> Iterator[Fault]:
    """Codes are unique, versions follow one another, and what is named exists."""
    functions = {unit.value.function for unit in pack.values.get("units") or () if unit.value.function}
    seen = set[str]()
    for item in value:
        row = item.value
        if row.code in seen:
            yield item.fault("policies.duplicate", f"政策代码 {row.code} 重复。", "改用另一个代码。", key="code")
        seen.add(row.code)
        if row.issuer not in functions:
            message = f"没有职能为 {row.issuer} 的单位。"
            yield item.fault("policies.issuer", message, "请使用 units.csv 里的 function。", key="issuer")
        yield from _check_versions(item)
        yield from _check_references(item, pack)


def _check_versions(item: Item[PolicyRow]) -> Iterator[Fault]:
    before: VersionRow | None = None
    for index, version in enumerate(item.value.versions):
        key = f"versions.{index}"
        if version.to_date is not None and version.to_date < version.from_date:
            yield item.fault(
                "policies.period", f"版本 {version.code} 的失效日期早于施行日期。", "请改正日期。", key=key
            )
        if before is not None and (before.to_date is None or before.to_date >= version.from_date):
            hint = "按时间先后排列，上一版的失效日期要早于这一版的施行日期。"
            yield item.fault("policies.overlap", f"版本 {before.code} 和 {version.code} 的施行期重叠。", hint, key=key)
        codes = [clause.code for clause in version.clauses]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            yield item.fault("policies.clause", f"版本 {version.code} 的条款代码 {code} 重复。", "只留一处。", key=key)
        before = version
    codes = [version.code for version in item.value.versions]
    if len(set(codes)) != len(codes):
        yield item.fault("policies.version", "版本代码重复。", "改用另一个代码。", key="versions")


def _check_references(item: Item[PolicyRow], pack: PackSource) -> Iterator[Fault]:
    row = item.value
    for key, section, noun in (
        ("rule", "rules", "规则"),
        ("item", "services", "事项"),
        ("benefit", "benefits", "待遇"),
    ):
        code = getattr(row, key)
        known = _codes_of(pack, section)
        if code and known is not None and code not in known:
            yield item.fault(f"policies.unknown_{key}", f"没有{noun} {code}。", f"请先写{noun}，或改正代码。", key=key)


def _codes_of(pack: PackSource, section: str) -> frozenset[str] | None:
    """The codes that another section describes; None where nobody reads that section."""
    if section not in sections or pack.values.get(section) is None:
        return None
    described = sections[section].describe(pack.values[section])
    return frozenset(code.partition("@")[0] for _, code, _, _ in described)


def install(value: list[Item[PolicyRow]], pack: PackSource, now: datetime) -> None:
    """Pin the library as one definition."""
    manifest = pack.values[MANIFEST].value
    rows = [
        {**item.value.model_dump(mode="json"), "region": item.value.region or manifest.city_division} for item in value
    ]
    pin_definition(POLICIES, POLICIES, {"policies": rows}, label="政策文件库", now=now)


def describe(value: list[Item[PolicyRow]]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every policy with its newest version."""
    for item in value:
        row, newest = item.value, item.value.versions[-1]
        yield (
            "政策",
            row.code,
            row.label,
            {"文号": newest.number, "施行": str(newest.from_date), "失效": str(newest.to_date or ""), "规则": row.rule},
        )


sections.add("policies", Section("policies", "政策文件库", load, check, install, describe))
