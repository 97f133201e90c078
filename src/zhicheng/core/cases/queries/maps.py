"""Cases by place, for maps and comparisons; always within what the actor may read."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import connection

from zhicheng.core.cases.gate import COLUMNS, case_row
from zhicheng.core.cases.policy import readable_units
from zhicheng.core.cases.values import CaseRow
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import Actor
from zhicheng.core.places.public import get_division


def area_loads(actor: Actor, level: str, now: datetime) -> list[dict[str, Any]]:
    """Open and late cases by division of a level: `division`, `open`, `late`."""
    units = sorted(readable_units(actor, get_unit_tree()))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT area, count(*), count(*) FILTER (WHERE due_at < %s) "
            "FROM cases_case WHERE NOT final AND unit_id = ANY(%s) AND area <> '' GROUP BY area",
            (now, units),
        )
        counted = cursor.fetchall()
    totals: dict[str, tuple[int, int]] = {}
    for area, found, late in counted:
        for code in area.split("/"):
            if get_division(code).level == level:
                before = totals.get(code, (0, 0))
                totals[code] = before[0] + found, before[1] + late
    return [{"division": code, "open": found, "late": late} for code, (found, late) in totals.items()]


def count_categories(actor: Actor, since: datetime) -> "Counter[str]":
    """How many cases of each category were opened since an instant."""
    units = sorted(readable_units(actor, get_unit_tree()))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT category, count(*) FROM cases_case WHERE opened_at >= %s AND unit_id = ANY(%s) AND category <> '' "
            "GROUP BY category ORDER BY 2 DESC LIMIT 100",
            (since, units),
        )
        return Counter(dict(cursor.fetchall()))


def list_open_points(actor: Actor, limit: int) -> list[CaseRow]:
    """Open cases with a position, the most pressing first, then those without a running limit."""
    pressing = _points(actor, "due_at IS NOT NULL", limit)
    left = limit - len(pressing)
    return [*pressing, *_points(actor, "NOT final AND due_at IS NULL", left)] if left else pressing


def _points(actor: Actor, condition: str, limit: int) -> list[CaseRow]:
    """Plain SQL: the wall asks for thousands."""
    tree = get_unit_tree()
    units = readable_units(actor, tree)
    anywhere = units >= tree.all().keys()
    only, params = ("", ()) if anywhere else ("AND unit_id = ANY(%s) ", (sorted(units),))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM cases_case c WHERE {condition} AND longitude IS NOT NULL {only}"
            "ORDER BY due_at, id LIMIT %s",
            (*params, limit),
        )
        return [case_row(row) for row in cursor.fetchall()]
