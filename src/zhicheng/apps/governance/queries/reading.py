"""Bases and indicators from what a pack folder says of them."""

from dataclasses import replace
from pathlib import Path

from zhicheng.apps.governance.base.files import BaseLine, Files, IndicatorLine, load_files
from zhicheng.apps.governance.policy.checking import build_in, condition_of, parameters_of, tables_of
from zhicheng.apps.governance.values import CITY, LEVELS, Base, Better, Catalogue, Group, Indicator, Thresholds
from zhicheng.core.lake.public import projections


def read_catalogue(root: Path) -> Catalogue:
    """The indicators of a pack folder, installed or not.

    Raises:
        SqlRefused: a query is none that is allowed.
    """
    files: Files = load_files(root).value
    bases = {item.value.code: to_base(item.value) for item in files.bases}
    groups: list[Group] = []
    indicators: dict[str, Indicator] = {}
    for group in files.groups:
        head = group.head.value
        found = [to_indicator(item.value, head.group, head.owner, bases[item.value.base]) for item in group.lines]
        indicators |= {each.code: each for each in found}
        groups.append(Group(head.group, head.label, tuple(each.code for each in found)))
    return Catalogue(bases, tuple(groups), indicators)


def narrow_indicator(indicator: Indicator, code: str, where: str) -> Indicator:
    """The same of fewer rows, under another code.

    Raises:
        SqlRefused: the condition is none that is allowed.
    """
    both = f"({indicator.where}) AND ({where})" if indicator.where else where
    return replace(indicator, code=code, where=both, aggregate=build_in(indicator.value, both))


def to_base(line: BaseLine) -> Base:
    """The base that a line describes.

    Raises:
        SqlRefused: its query is none that is allowed.
    """
    sql = line.sql.strip()
    tables = tables_of(sql)
    plain = line.model_dump(exclude={"sql", "steps"})
    timed = bool(parameters_of(sql))
    follows = len(tables) == 1 and tables[0] in projections and bool(line.at) and not timed
    return Base(**plain, sql=sql, steps=tuple(line.steps), tables=tables, timed=timed, follows=follows)


def to_indicator(line: IndicatorLine, group: str, owner: str, base: Base) -> Indicator:
    """The indicator that a line describes.

    Raises:
        SqlRefused: its expressions are none that are allowed.
    """
    if line.where:
        condition_of(line.where)
    levels = [level for level in LEVELS if level == CITY or level in (line.levels or base.areas)]
    limits = line.thresholds.model_dump()
    return Indicator(
        code=line.code,
        label=line.label,
        group=group,
        base=line.base,
        value=line.value,
        aggregate=build_in(line.value, line.where),
        unit=line.unit,
        read=line.read,
        owner=line.owner or owner,
        where=line.where,
        decimals=line.decimals,
        better=Better(line.better),
        target=line.target,
        thresholds=Thresholds(**{**limits, "watch": tuple(limits["watch"])}),
        levels=tuple(levels),
        is_zero_when_none=line.empty == "zero",
        least=line.least,
    )
