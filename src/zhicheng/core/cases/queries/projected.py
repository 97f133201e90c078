"""Cases, their clocks and steps as rows of the lake: codes, instants and places, no titles and no words of people."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from zhicheng.core.cases.gate.definitions import process_of
from zhicheng.core.cases.registry import case_columns

_CASES = """
SELECT id, number, process, definition, state, final, version, unit_id AS unit, category, urgent, area, grid,
       longitude, latitude, facts, opened_at, closed_at, due_at, parent_id IS NOT NULL AS is_child
FROM cases_case WHERE id = ANY(%s::uuid[])
"""
_CLOCKS = """
SELECT case_id, code, round, calendar, state, started_at, due_at, ended_at, total_s
FROM cases_clock WHERE case_id = ANY(%s::uuid[])
"""
_REPLIES = """
SELECT case_id, min(at) AS at FROM cases_history WHERE case_id = ANY(%s::uuid[]) AND action = 'reply' GROUP BY 1
"""
_STEPS = """
SELECT h.id, h.case_id, c.process, h.kind, h.action, h.from_state, h.to_state, h.from_unit, h.to_unit AS unit, h.at,
       split_part(h.actor, ':', 1) AS actor_kind, split_part(h.rule, ':', 1) AS rule_kind, c.area, c.category
FROM cases_history h JOIN cases_case c ON c.id = h.case_id WHERE h.id = ANY(%s::uuid[])
"""
_LEVELS = ("district", "street", "community")
_PLACES = 4  # decimals of a degree: some ten metres
_OUTCOMES = ("outcome", "item", "dispatched_by", "decided_by", "channel")
_MARKS = ("reworked", "refused", "redirected", "paused", "extended", "unrated", "danger")


def read_cases(keys: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """The rows of table `case`."""
    replied = {row["case_id"]: row["at"] for row in _rows(_REPLIES, keys)}
    clocks = _by_case(_rows(_CLOCKS, keys))
    more = _columns_of_apps([UUID(key) for key in keys])
    for case in _rows(_CASES, keys):
        main = _main_clock(case["definition"], clocks.get(case["id"], ()))
        yield {**_case(case), **_timeliness(main), "replied_at": replied.get(case["id"]), **more.get(case["id"], {})}


def _case(case: Mapping[str, Any]) -> dict[str, Any]:
    facts = json.loads(case["facts"])
    score = facts.get("score")
    return {
        **{name: case[name] for name in ("number", "process", "state", "final", "unit", "category", "urgent")},
        **{name: case[name] for name in ("opened_at", "closed_at", "due_at", "is_child")},
        "case_id": str(case["id"]),
        "steps": case["version"],
        **_categories(case["category"]),
        **_area(case["area"]),
        "grid": case["grid"] or None,
        "longitude": None if case["longitude"] is None else round(case["longitude"], _PLACES),
        "latitude": None if case["latitude"] is None else round(case["latitude"], _PLACES),
        "rating": score if isinstance(score, int) else None,
        **{name: _code(facts.get(name)) for name in _OUTCOMES},
        **{name: facts.get(name) in (True, "true") for name in _MARKS},
    }


def _code(value: object) -> str | None:
    """Facts may be anything: only what looks like a code is kept."""
    return value if isinstance(value, str) and value.isascii() and len(value) <= 120 else None


def _categories(category: str) -> dict[str, str | None]:
    parts = category.split(".") if category else []
    return {f"category_{level}": ".".join(parts[:level]) if len(parts) >= level else None for level in (1, 2)}


def _area(path: str) -> dict[str, str | None]:
    below = path.split("/")[1:]
    return {level: below[place] if place < len(below) else None for place, level in enumerate(_LEVELS)}


def _main_clock(definition: str, clocks: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The clock that says by when the case must be done: the longest of those that people are told of."""
    quiet = process_of(definition).clocks
    told = [clock for clock in clocks if clock["code"] in quiet and not quiet[clock["code"]].quiet]
    return max(told, key=lambda clock: (clock["total_s"], clock["round"]), default=None)


def _timeliness(clock: Mapping[str, Any] | None) -> dict[str, Any]:
    if clock is None:
        return {"on_time": None, "limit_s": None}
    return {"on_time": _is_on_time(clock), "limit_s": round(clock["total_s"])}


def _is_on_time(clock: Mapping[str, Any]) -> bool | None:
    """None while it runs, or where it was cancelled: whether it is late by now depends on the day of asking."""
    return bool(clock["ended_at"] <= clock["due_at"]) if clock["state"] == "met" and clock["ended_at"] else None


def _columns_of_apps(ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    found: dict[UUID, dict[str, Any]] = {}
    for columns in case_columns:
        for case_id, row in columns(ids).items():
            found.setdefault(case_id, {}).update(row)
    return found


def read_clocks(keys: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """The rows of table `case_clock`, given cases."""
    cases = {row["id"]: row for row in _rows(_CASES, keys)}
    for clock in _rows(_CLOCKS, keys):
        case = cases[clock["case_id"]]
        yield {
            **{name: clock[name] for name in ("code", "calendar", "state", "started_at", "due_at", "ended_at")},
            "clock_id": f"{clock['case_id']}/{clock['code']}/{clock['round']}",
            "case_id": str(clock["case_id"]),
            "process": case["process"],
            "category": case["category"],
            "urgent": case["urgent"],
            "unit": case["unit"],
            "opened_at": case["opened_at"],
            "total_s": round(clock["total_s"]),
            "on_time": _is_on_time(clock),
            **_area(case["area"]),
        }


def read_steps(keys: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """The rows of table `case_step`, given lines of histories."""
    for step in _rows(_STEPS, keys):
        yield {
            **{name: step[name] for name in ("process", "kind", "action", "unit", "at", "actor_kind", "category")},
            **{name: step[name] or None for name in ("from_state", "to_state", "from_unit", "rule_kind")},
            "step_id": str(step["id"]),
            "case_id": str(step["case_id"]),
            **_area(step["area"]),
        }


def walk_cases(after: str, count: int) -> list[str]:
    """Identifiers of cases after one, in order."""
    return _walk("SELECT id FROM cases_case WHERE id > %s ORDER BY id LIMIT %s", after, count)


def walk_steps(after: str, count: int) -> list[str]:
    """Identifiers of lines of histories after one, in order."""
    return _walk("SELECT id FROM cases_history WHERE id > %s ORDER BY id LIMIT %s", after, count)


def _walk(sql: str, after: str, count: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, (after or str(UUID(int=0)), count))
        return [str(row[0]) for row in cursor.fetchall()]


def _by_case(clocks: Sequence[Mapping[str, Any]]) -> dict[UUID, list[Mapping[str, Any]]]:
    found: dict[UUID, list[Mapping[str, Any]]] = {}
    for clock in clocks:
        found.setdefault(clock["case_id"], []).append(clock)
    return found


def _rows(sql: str, keys: Sequence[str]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, (list(keys),))
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
