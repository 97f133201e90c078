"""How a value came about: the query, the versions of the tables, and the rows behind it, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from zhicheng.apps.governance.errors import RowsNotYours
from zhicheng.apps.governance.policy.composing import Asked, rows_sql, shown_sql, used
from zhicheng.apps.governance.policy.periods import bounds, midnight, step_of
from zhicheng.apps.governance.policy.wording import NOT_YET, reason_words
from zhicheng.apps.governance.queries.catalogue import get_catalogue, get_indicator
from zhicheng.apps.governance.queries.latest import VALUES, level_of
from zhicheng.apps.governance.values import CITY, Base, Explanation, Indicator
from zhicheng.core.lake.errors import TableUnknown, VersionUnknown
from zhicheng.core.lake.public import LakeConnection, connect, has_table
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import Actor
from zhicheng.core.places.errors import DivisionNotFound
from zhicheng.core.places.public import division_path

VIEW = "cockpit.view"
_GOVERNING = frozenset({"government", "street_office", "community"})
_MOST = 200
_VALUE = """
SELECT value, coalesce(reason, ''), versions, epoch_us(computed_at) FROM indicator_value
WHERE indicator = $code AND area = $area AND period = $period LIMIT 1
"""


def explain(code: str, area: str, period: str, *, after: str = "", count: int = 50) -> Explanation:
    """The value of a period in an area with the rows behind it. `may_see_rows` says to whom rows may be shown.

    No rows are read where none are wanted (`count` is 0), or where the base is only summed up.

    Raises:
        IndicatorUnknown: the pack has none of that code.
        DivisionNotFound: there is no such area.
        PeriodMalformed: the words are no period.
    """
    indicator, level = get_indicator(code), level_of(area)
    base, place = get_catalogue().bases[indicator.base], area or current_pack().city_division
    step, (since, until) = step_of(period), bounds(period)
    stored = _stored(code, place, period)
    sql = rows_sql(base, indicator.where, level) if base.key and level in {CITY, *base.areas} else ""
    rows = _Rows()
    if sql and count:
        at = stored.computed_at or until
        asked: Asked = {
            **{"since": since, "until": until if base.at else min(until, at), "today": midnight(at)},
            **{"area": place, "after": after, "count": min(count, _MOST) + 1},
        }
        rows = _read(base, sql, asked, stored.versions)
    return Explanation(
        code=code,
        area=place,
        period=period,
        sql=shown_sql(base, indicator, step),
        rows_sql=sql,
        versions=stored.versions,
        is_as_of=rows.is_as_of,
        columns=rows.columns,
        rows=[row[1:] for row in rows.rows],
        after=str(rows.rows[-1][0]) if rows.has_more else "",
        value=stored.value,
        reason=reason_words(stored.reason) if stored.value is None else "",
    )


@dataclass(frozen=True)
class _Stored:
    """A value with what it was computed from."""

    value: float | None = None
    reason: str = NOT_YET
    versions: Mapping[str, int] = field(default_factory=dict)
    computed_at: datetime | None = None


@dataclass(frozen=True)
class _Rows:
    """A page of rows, each with its key first; the key is no column."""

    columns: tuple[tuple[str, str], ...] = ()
    rows: Sequence[Sequence[Any]] = ()
    has_more: bool = False
    is_as_of: bool = True


def _stored(code: str, area: str, period: str) -> _Stored:
    if not has_table(VALUES):
        return _Stored()
    with connect([VALUES]) as lake:
        row = lake.execute(_VALUE, {"code": code, "area": area, "period": period}).fetchone()
    if row is None:
        return _Stored()
    value, reason, versions, at_us = row
    pairs = [part.partition("@") for part in (versions or "").split(",") if part]
    found = {name: int(number) for name, _, number in pairs}
    return _Stored(value, reason, found, datetime.fromtimestamp(at_us / 1_000_000, UTC))


def _read(base: Base, sql: str, asked: Asked, versions: Mapping[str, int]) -> _Rows:
    """One row more than a page is asked for: it only says that there are more."""
    lake, is_as_of = _open(base, versions)
    if lake is None:
        return _Rows()
    with lake:
        cursor = lake.execute(sql, used(sql, asked))
        columns = [(column[0], base.shows.get(column[0], column[0])) for column in cursor.description or ()]
        rows = cursor.fetchall()
    most = int(str(asked["count"])) - 1
    return _Rows(tuple(columns[1:]), rows[:most], len(rows) > most, is_as_of)


def _open(base: Base, versions: Mapping[str, int]) -> tuple[LakeConnection | None, bool]:
    """The versions that the value was computed from; the newest where those are gone; None where a table is."""
    if set(versions) == set(base.tables):
        try:
            return connect(versions), True
        except (TableUnknown, VersionUnknown):
            return _newest_of(base)
    return _newest_of(base)


def _newest_of(base: Base) -> tuple[LakeConnection | None, bool]:
    return (connect(base.tables), False) if all(has_table(name) for name in base.tables) else (None, False)


def may_see_rows(actor: Actor, indicator: Indicator, area: str) -> bool:
    """Whether somebody who sees indicators may see the rows behind this one in an area.

    They may who govern the area, and who look after the unit that owns the indicator there.
    """
    city = current_pack().city_division
    path = {city, *(() if area in ("", city) else division_path(area))}
    tree, grants = get_unit_tree(), actor.units_for(VIEW)
    units = [tree.get(grant.unit) for grant in grants if grant.unit in tree]
    if any(unit.kind in _GOVERNING and unit.division in path for unit in units):
        return True
    return any(tree.covers(grant, owner_unit(indicator, area)) for grant in grants)


def owner_unit(indicator: Indicator, area: str) -> str:
    """The unit that looks after an indicator in an area: of the area itself, else of the nearest one above."""
    try:
        path = division_path(area)
    except DivisionNotFound:
        path = ()
    found = get_unit_tree().serving(indicator.owner, [*path, current_pack().city_division])
    return found or current_pack().fallback_unit


def require_rows(actor: Actor, indicator: Indicator, area: str) -> None:
    """Refuse rows of areas that are not the official's.

    Raises:
        RowsNotYours: they are not.
        DivisionNotFound: there is no such area.
    """
    if not may_see_rows(actor, indicator, area):
        raise RowsNotYours()
