"""`indicators/*.yaml`: what the city measures. Every query is tried on empty tables before a pack is taken."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from zhicheng.apps.governance.base.files import BaseLine, Files, IndicatorLine, load_files
from zhicheng.apps.governance.policy.bodies import base_body, group_body
from zhicheng.apps.governance.policy.checking import SqlRefused, tables_of
from zhicheng.apps.governance.policy.composing import Asked, batch_sql, changed_sql, rows_sql, used
from zhicheng.apps.governance.queries.catalogue import KIND
from zhicheng.apps.governance.queries.reading import to_base, to_indicator
from zhicheng.apps.governance.values import CITY, Base
from zhicheng.core.lake.errors import OnlyReading, QueryFailed
from zhicheng.core.lake.public import LakeConnection, connect_empty, projections
from zhicheng.core.lake.values import EntityTable
from zhicheng.core.packs.public import Fault, Item, PackSource, Section, pin_definition, sections

_NOON = datetime(2026, 1, 1, 4, tzinfo=UTC)  # any instant: the tables are empty
_TIMES = dict.fromkeys(("since", "until", "today"), _NOON)
_ASKED: Asked = {**_TIMES, "seen": -1, "area": "", "after": "", "count": 1}
OUTSIDE = ("layer_", "device_", "observation_")  # tables that other packages make: they may be absent


def check(value: Files, pack: PackSource) -> Iterator[Fault]:
    """Bases and owners exist; every query is one that the lake would take."""
    if not value.bases and not value.groups:
        return
    tables = _declared(pack)
    with connect_empty(tables.values(), followed=projections.codes()) as lake:
        yield from _check_files(value, _Trial(lake, tables))
    yield from _check_owners(value, pack)


def _check_files(value: Files, trial: "_Trial") -> Iterator[Fault]:
    bases: dict[str, Base] = {}
    for item in value.bases:
        base, fault = _base(item, trial)
        if base is not None:
            bases[base.code] = base
        yield from [fault] if fault else _fault_of_rows(item, trial)
    for group in value.groups:
        yield from _check_lines(group.lines, group.head.value.group, bases, trial)


def _fault_of_rows(item: Item[BaseLine], trial: "_Trial") -> list[Fault]:
    """Rows that are listed one by one show chosen columns, and nothing personal."""
    line = item.value
    if bool(line.key) != bool(line.shows):
        return [
            item.fault("indicators.rows", f"{line.code}：key 和 shows 要一起写。", "只汇总的两样都不写。", key="key")
        ]
    personal = {
        column.code
        for name in (tables_of(line.sql) if line.key else ())
        if name in trial.tables
        for column in trial.tables[name].columns
        if column.personal
    }
    found = sorted(personal & {line.key, *line.shows})
    hint = "请去掉这些列；人口、法人数据集只汇总，不写 key。"
    return (
        [item.fault("indicators.personal", f"明细里不能有个人信息：{'、'.join(found)}。", hint, key="shows")]
        if found
        else []
    )


def _check_owners(value: Files, pack: PackSource) -> Iterator[Fault]:
    functions = {unit.value.function for unit in pack.values.get("units") or ()}
    for group in value.groups:
        named: list[tuple[str, Item[Any]]] = [(group.head.value.owner, group.head)]
        for owner, item in [*named, *((each.value.owner, each) for each in group.lines)]:
            if owner and functions and owner not in functions:
                message = f"没有职能为 {owner} 的单位。"
                yield item.fault("indicators.owner", message, "请写 units.csv 里的 function。", key="owner")


def _check_lines(
    lines: Sequence[Item[IndicatorLine]], group: str, bases: Mapping[str, Base], trial: "_Trial"
) -> Iterator[Fault]:
    for item in lines:
        line = item.value
        base = bases.get(line.base)
        if base is None:
            hint = "请写 indicators/bases.yaml 里的 code，或先改正它。"
            yield item.fault("indicators.base", f"没有数据集 {line.base}。", hint, key="base")
            continue
        try:
            indicator = to_indicator(line, group, "", base)
            trial.run(batch_sql(base, [indicator], base.steps[0]), base)
        except SqlRefused as refused:
            yield item.fault("indicators.sql", f"{line.code}：{refused}", "请改正 value 或 where。", key="value")
        yield from _fault_of_levels(item, base)


def _fault_of_levels(item: Item[IndicatorLine], base: Base) -> Iterator[Fault]:
    known = {CITY, *base.areas}
    for level in (*(item.value.levels or ()), *item.value.thresholds.watch):
        if level not in known:
            message = f"数据集 {base.code} 没有 {level} 这一级。"
            yield item.fault("indicators.level", message, f"可写：{'、'.join(sorted(known))}。", key="levels")


def _base(item: Item[BaseLine], trial: "_Trial") -> tuple[Base | None, Fault | None]:
    try:
        base = to_base(item.value)
        for sql in _queries(base):
            trial.run(sql, base)
    except SqlRefused as refused:
        message = f"{item.value.code}：{refused}"
        return None, item.fault("indicators.base_sql", message, "请改正 sql，表在 lake/ 和 layers/ 里声明。", key="sql")
    return base, None


def _queries(base: Base) -> Iterator[str]:
    """What is asked of a base besides its values."""
    yield base.sql
    if base.follows:
        yield changed_sql(base, base.steps[0])
    if base.key:
        yield from (rows_sql(base, "", level) for level in (CITY, *base.areas))


@dataclass(frozen=True)
class _Trial:
    """Empty tables of the declared types, on which queries are tried; those over unknown tables pass."""

    lake: LakeConnection
    tables: Mapping[str, EntityTable]

    def run(self, sql: str, base: Base) -> None:
        """Try one query of a base.

        Raises:
            SqlRefused: the lake would refuse it, or a table of it is not declared.
        """
        unknown = [name for name in base.tables if name not in self.tables and not name.startswith(OUTSIDE)]
        if unknown:
            raise SqlRefused(f"没有声明数据表 {'、'.join(unknown)}。")
        if any(name not in self.tables for name in base.tables):
            return
        try:
            self.lake.execute(sql, used(sql, _ASKED))
        except (QueryFailed, OnlyReading) as error:
            raise SqlRefused(str(error).splitlines()[0][:160]) from error


def _declared(pack: PackSource) -> dict[str, EntityTable]:
    found = {item.value.code: item.value for item in pack.values.get("lake") or ()}
    layers = {item.value.table.code: item.value.table for item in pack.values.get("layers") or ()}
    return {**layers, **found}


def install(value: Files, _pack: PackSource, now: datetime) -> None:
    """Pin bases and groups, with every aggregate worked out."""
    bases = {item.value.code: to_base(item.value) for item in value.bases}
    if not bases:
        return
    groups = []
    for group in value.groups:
        head = group.head.value
        lines = [to_indicator(item.value, head.group, head.owner, bases[item.value.base]) for item in group.lines]
        groups.append(group_body(head.group, head.label, lines))
    body = {"bases": [base_body(base) for base in bases.values()], "groups": groups}
    pin_definition(KIND, KIND, body, label="指标", now=now)


def describe(value: Files) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every indicator with what it counts."""
    for group in value.groups:
        for item in group.lines:
            line = item.value
            fields = {"数据集": line.base, "算法": line.value, "条件": line.where, "单位": line.unit}
            limits = {"目标": line.target, "关注": line.thresholds.attention, "预警": line.thresholds.alarm}
            shown = {name: "" if limit is None else limit for name, limit in limits.items()}
            yield "指标", line.code, line.label, {**fields, **shown}


sections.add("indicators", Section("indicators", "指标", load_files, check, install, describe))
