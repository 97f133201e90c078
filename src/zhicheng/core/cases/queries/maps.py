"""Cases by place, for maps and comparisons; always within what the actor may read."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from zhicheng.core.cases.gate import COLUMNS, case_row
from zhicheng.core.cases.policy import readable_units
from zhicheng.core.cases.values import CaseRow
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import Actor
from zhicheng.core.places.public import division_path, get_division

_THERE = "FROM cases_case WHERE unit_id = ANY(%(units)s) AND parent_id IS NULL AND area LIKE %(area)s"
_AREA_NUMBERS = (
    f"SELECT (SELECT count(*) {_THERE} AND opened_at >= %(since)s),"
    f" (SELECT count(*) {_THERE} AND closed_at >= %(since)s),"
    f" (SELECT count(*) {_THERE} AND NOT final), (SELECT count(*) {_THERE} AND NOT final AND due_at < %(now)s)"
)


@dataclass(frozen=True)
class AreaNumbers:
    """The cases of an area: opened and ended since an instant, open now, and of these past their time."""

    opened: int
    ended: int
    open: int
    late: int


def area_loads(actor: Actor, level: str, now: datetime, *, within: str = "") -> list[dict[str, Any]]:
    """Open and late cases by division of a level, or by `grid`: `division`, `open`, `late`."""
    units = sorted(readable_units(actor, get_unit_tree()))
    area = "grid" if level == "grid" else "area"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {area}, count(*), count(*) FILTER (WHERE due_at < %s) "
            f"FROM cases_case WHERE NOT final AND unit_id = ANY(%s) AND area LIKE %s AND {area} <> '' GROUP BY {area}",
            (now, units, _inside(within)),
        )
        counted = cursor.fetchall()
    if level == "grid":
        return [{"division": code, "open": found, "late": late} for code, found, late in counted]
    totals: dict[str, tuple[int, int]] = {}
    for area, found, late in counted:
        for code in area.split("/"):
            if get_division(code).level == level:
                before = totals.get(code, (0, 0))
                totals[code] = before[0] + found, before[1] + late
    return [{"division": code, "open": found, "late": late} for code, (found, late) in totals.items()]


def area_numbers(actor: Actor, division: str, since: datetime, now: datetime) -> AreaNumbers:
    """What an actor may know of the cases of a division, child cases left out."""
    units = sorted(readable_units(actor, get_unit_tree()))
    with connection.cursor() as cursor:
        cursor.execute(_AREA_NUMBERS, {"units": units, "area": _inside(division), "since": since, "now": now})
        return AreaNumbers(*(cursor.fetchone() or (0, 0, 0, 0)))


def count_categories(actor: Actor, since: datetime, *, division: str = "") -> "Counter[str]":
    """How many cases of each category were opened since an instant."""
    units = sorted(readable_units(actor, get_unit_tree()))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT category, count(*) FROM cases_case WHERE opened_at >= %s AND unit_id = ANY(%s) AND category <> '' "
            "AND area LIKE %s GROUP BY category ORDER BY 2 DESC LIMIT 100",
            (since, units, _inside(division)),
        )
        return Counter(dict(cursor.fetchall()))


def list_open_points(actor: Actor, limit: int, *, division: str = "") -> list[CaseRow]:
    """Open cases with a position, the most pressing first, then those without a running limit."""
    pressing = _points(actor, "due_at IS NOT NULL", limit, division)
    left = limit - len(pressing)
    return [*pressing, *_points(actor, "NOT final AND due_at IS NULL", left, division)] if left else pressing


def _inside(division: str) -> str:
    """The pattern of the areas in a division; of everywhere for none."""
    return "/".join(reversed(division_path(division))) + "%" if division else "%"


def _points(actor: Actor, condition: str, limit: int, division: str) -> list[CaseRow]:
    """Plain SQL: the wall asks for thousands."""
    tree = get_unit_tree()
    units = readable_units(actor, tree)
    anywhere = units >= tree.all().keys()
    only, params = ("", ()) if anywhere else ("AND unit_id = ANY(%s) ", (sorted(units),))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM cases_case c WHERE {condition} AND longitude IS NOT NULL AND area LIKE %s {only}"
            "ORDER BY due_at, id LIMIT %s",
            (_inside(division), *params, limit),
        )
        return [case_row(row) for row in cursor.fetchall()]
