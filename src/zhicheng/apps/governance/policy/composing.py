"""SQL of many indicators over one base: one scan for all of them, all areas and all periods."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from zhicheng.apps.governance.policy.periods import FORMATS
from zhicheng.apps.governance.values import CITY, LEVELS, Base, Indicator

Asked = Mapping[str, str | int | datetime]  # the parameters of a query
BEFORE = 2  # columns before those of the indicators: level and area; a flow has the period first


def batch_sql(base: Base, indicators: Sequence[Indicator], step: str) -> str:
    """The values of many indicators as one query: a row for each area (and period of a flow).

    Columns: the period (flows only), level, area, then two for each indicator: its value and how many rows count.
    Parameters `$since`, `$until` and `$today`, the beginning of the day of the computation.
    """
    levels = [level for level in LEVELS[1:] if level in base.areas]
    cells = [cell for each in indicators for cell in (f"CAST({each.aggregate} AS DOUBLE)", _counted(each))]
    head = [_level(base, levels), _area(base, levels)]
    if base.at:
        head.insert(0, f"strftime(bucket, '{FORMATS[step]}')")
    sets = [_set(base, [level] if level != CITY else []) for level in (CITY, *levels)]
    return (
        f"SELECT {', '.join([*head, *cells])} FROM ({_source(base, step)}) GROUP BY GROUPING SETS ({', '.join(sets)})"
    )


def _counted(indicator: Indicator) -> str:
    """How many rows count; not asked of those that need no number."""
    if not indicator.least:
        return "NULL"
    return f"count(CASE WHEN {indicator.where} THEN 1 END)" if indicator.where else "count(*)"


def _source(base: Base, step: str) -> str:
    if not base.at:
        return base.sql
    at = quoted(base.at)
    return f"SELECT *, date_trunc('{step}', {at}) AS bucket FROM ({base.sql}) WHERE {at} >= $since AND {at} < $until"


def _set(base: Base, levels: Sequence[str]) -> str:
    columns = [quoted(base.areas[level]) for level in levels]
    return f"({', '.join(['bucket', *columns] if base.at else columns)})"


def _level(base: Base, levels: Sequence[str]) -> str:
    cases = " ".join(f"WHEN GROUPING({quoted(base.areas[level])}) = 0 THEN '{level}'" for level in levels)
    return f"CASE {cases} ELSE '{CITY}' END" if cases else f"'{CITY}'"


def _area(base: Base, levels: Sequence[str]) -> str:
    cases = " ".join(
        f"WHEN GROUPING({quoted(base.areas[level])}) = 0 THEN {quoted(base.areas[level])}" for level in levels
    )
    return f"CASE {cases} END" if cases else "NULL"


def changed_sql(base: Base, step: str) -> str:
    """The periods that hold rows of a version after `$seen`."""
    bucket = f"strftime(date_trunc('{step}', {quoted(base.at)}), '{FORMATS[step]}')"
    return f"SELECT DISTINCT {bucket} FROM ({base.sql}) WHERE projected > $seen AND {quoted(base.at)} IS NOT NULL"


def rows_sql(base: Base, where: str, level: str) -> str:
    """The rows behind a value, in the order of their key from `$after` on; also `$area` and those of `batch_sql`."""
    conditions = [f"({where})"] if where else []
    if base.at:
        conditions += [f"{quoted(base.at)} >= $since", f"{quoted(base.at)} < $until"]
    if level != CITY:
        conditions.append(f"{quoted(base.areas[level])} = $area")
    shown = ", ".join(map(quoted, base.shows)) or "*"
    conditions.append(f"{quoted(base.key)} > $after")
    chosen = " AND ".join(conditions)
    return f"SELECT {quoted(base.key)}, {shown} FROM ({base.sql}) WHERE {chosen} ORDER BY 1 LIMIT $count"


def shown_sql(base: Base, indicator: Indicator, step: str) -> str:
    """The query as people read it: one indicator of the whole city."""
    conditions = [indicator.where] if indicator.where else []
    conditions += [f"{base.at} >= $since", f"{base.at} < $until  -- {step}"] if base.at else []
    where = f"\nWHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {indicator.value}\nFROM ({base.sql.strip()}){where}"


def used(sql: str, values: Asked) -> dict[str, str | int | datetime]:
    """The parameters that a query names: DuckDB refuses others."""
    return {name: value for name, value in values.items() if f"${name}" in sql}


def quoted(name: str) -> str:
    """A name of SQL."""
    return '"' + name.replace('"', '""') + '"'
