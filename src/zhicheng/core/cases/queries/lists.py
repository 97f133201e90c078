"""Lists of cases: queues, search, counts. Keyset paged; no exact count of large sets."""

import base64
import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from zhicheng.core.cases.gate import processes
from zhicheng.core.cases.models import Case
from zhicheng.core.cases.policy import readable_units
from zhicheng.core.cases.queries.visibility import Purpose, visible_cases
from zhicheng.core.cases.values import CaseFilter, CaseGauges, CasePage, CaseRow, QueueCount, UnitLoad
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import Actor
from zhicheng.core.places.public import division_path
from zhicheng.engines.statetable.definition import Queue
from zhicheng.kit.clock import parse_instant
from zhicheng.kit.errors import ErrorKind, ZhichengError

PAGE = 50
_NEVER = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
_AMBER = timedelta(hours=4)


class CursorInvalid(ZhichengError):
    """A page cursor that this list did not make."""

    code = "cases.cursor_invalid"
    kind = ErrorKind.INVALID
    message = "翻页位置无效，请回到第一页。"


def list_cases(
    actor: Actor, wanted: CaseFilter, *, purpose: Purpose = Purpose.WORK, after: str = "", limit: int = PAGE
) -> CasePage:
    """One page of what concerns the actor, narrowed by the filter.

    Raises:
        CursorInvalid: `after` was not made by this list.
    """
    rows = narrow(visible_cases(actor, purpose), actor, wanted)
    rows = _after(_ordered(rows, wanted.order), wanted.order, after)
    found = [row_of(case) for case in rows[: limit + 1]]
    page = found[:limit]
    return CasePage(page, _cursor(page[-1], wanted.order) if len(found) > limit else "")


def narrow(rows: QuerySet[Case], actor: Actor, wanted: CaseFilter) -> QuerySet[Case]:
    """Apply a filter to visible cases."""
    conditions = [*_by_kind(wanted), *_by_place(wanted)]
    if wanted.queue:
        conditions.append(_queue_condition(actor, wanted.queue))
    if wanted.unit:
        units = get_unit_tree().subtree(wanted.unit) if wanted.subtree else {wanted.unit}
        conditions.append(Q(unit_id__in=units))
    if wanted.text:
        conditions.append(Q(number=wanted.text.strip().upper()) | Q(title__icontains=wanted.text.strip()))
    return rows.filter(*conditions)


def count_queues(actor: Actor) -> list[QueueCount]:
    """Every queue of the actor's roles with its size (at most 100) and nearest due time, in one round trip."""
    queues = [(process, queue) for process, queue in _queues() if queue.permission in actor.permissions]
    if not queues:
        return []
    selects: list[str] = []
    params: list[Any] = []
    for code, queue in queues:
        units = sorted(readable_units(actor, get_unit_tree(), queue.permission))
        selects.append(
            "SELECT count(*), min(due_at) FROM (SELECT due_at FROM cases_case WHERE NOT final AND unit_id = ANY(%s) "
            "AND state = ANY(%s) AND process = %s ORDER BY due_at LIMIT 100) q"
        )
        params += [units, sorted(queue.states), code]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"({select})" for select in selects), params)
        counted = cursor.fetchall()
    return [
        QueueCount(f"{process}.{queue.code}", queue.label, count, nearest)
        for (process, queue), (count, nearest) in zip(queues, counted, strict=True)
    ]


def unit_loads(actor: Actor, parent: str | None, now: datetime) -> list[UnitLoad]:
    """Open, late and soon-late work of each unit directly below `parent`, their subtrees summed; for supervisors."""
    tree = get_unit_tree()
    readable = readable_units(actor, tree, "cases.supervise") | readable_units(actor, tree, "cases.read_subtree")
    below = [code for code in tree.children(parent) if tree.subtree(code) & readable]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id, count(*), count(*) FILTER (WHERE due_at < %s), "
            "count(*) FILTER (WHERE due_at >= %s AND due_at < %s) "
            "FROM cases_case WHERE NOT final AND unit_id = ANY(%s) GROUP BY unit_id",
            (now, now, now + _AMBER, sorted(readable)),
        )
        by_unit = {unit: numbers for unit, *numbers in cursor.fetchall()}
    return [_load(code, (by_unit[unit] for unit in tree.subtree(code) if unit in by_unit)) for code in below]


def similar_cases(category: str, box: tuple[float, float, float, float], limit: int = 20) -> list[CaseRow]:
    """Open cases of a category inside a box (west, south, east, north): what may be the same problem.

    Without an actor on purpose: callers show only what is public about them.
    """
    west, south, east, north = box
    rows = Case.objects.filter(
        final=False, category=category, longitude__range=(west, east), latitude__range=(south, north)
    ).order_by("-opened_at")[:limit]
    return [row_of(case) for case in rows]


def row_of(case: Case) -> CaseRow:
    """A model row as a typed value."""
    stored = {"unit": "unit_id", "assignee": "assignee_id", "requester": "requester_id", "creator": "creator_id"}
    stored["parent"] = "parent_id"
    return CaseRow(**{field.name: getattr(case, stored.get(field.name, field.name)) for field in fields(CaseRow)})


def _queues() -> list[tuple[str, Queue]]:
    return [(process.code, queue) for process in processes().values() for queue in process.queues]


def _queue_condition(actor: Actor, code: str) -> Q:
    for process, queue in _queues():
        if f"{process}.{queue.code}" == code and queue.permission in actor.permissions:
            units = readable_units(actor, get_unit_tree(), queue.permission)
            return Q(final=False, process=process, state__in=queue.states, unit_id__in=units)
    return Q(pk__in=[])


def _by_kind(wanted: CaseFilter) -> Iterable[Q]:
    if wanted.process:
        yield Q(process=wanted.process)
    if wanted.states:
        yield Q(state__in=wanted.states)
    if wanted.category:
        yield Q(category=wanted.category) | Q(category__startswith=wanted.category + ".")
    if wanted.urgent:
        yield Q(urgent=True)
    if wanted.open_only:
        yield Q(final=False)
    if wanted.done_only:
        yield Q(final=True)
    yield from _by_time(wanted)


def _by_time(wanted: CaseFilter) -> Iterable[Q]:
    if wanted.due_before is not None:
        yield Q(due_at__lt=wanted.due_before, final=False)
    if wanted.due_after is not None:
        yield Q(due_at__gte=wanted.due_after)


def _by_place(wanted: CaseFilter) -> Iterable[Q]:
    if wanted.division:
        path = "/".join(reversed(division_path(wanted.division)))
        yield Q(area=path) | Q(area__startswith=path + "/")


def _ordered(rows: QuerySet[Case], order: str) -> QuerySet[Case]:
    if order == "newest":
        return rows.order_by("-opened_at", "-id")
    return rows.annotate(due_key=Coalesce(F("due_at"), _NEVER)).order_by("due_key", "id")


def _after(rows: QuerySet[Case], order: str, cursor: str) -> QuerySet[Case]:
    if not cursor:
        return rows
    at, last = _read_cursor(cursor)
    if order == "newest":
        return rows.filter(Q(opened_at__lt=at) | Q(opened_at=at, id__lt=last))
    return rows.filter(Q(due_key__gt=at) | Q(due_key=at, id__gt=last))


def _cursor(row: CaseRow, order: str) -> str:
    at = row.opened_at if order == "newest" else row.due_at or _NEVER
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), str(row.id)]).encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[datetime, UUID]:
    try:
        at, last = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return parse_instant(at), UUID(last)
    except (ValueError, TypeError, AttributeError):
        raise CursorInvalid() from None


def _load(code: str, numbers: Iterable[Any]) -> UnitLoad:
    totals = [0, 0, 0]
    for row in numbers:
        totals = [total + value for total, value in zip(totals, row, strict=True)]
    return UnitLoad(code, *totals)


def case_gauges(now: datetime) -> CaseGauges:
    """What operators watch: clocks that should have fired, open and late work, the longest wait for a first hand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(extract(epoch FROM %s - min(next_fire_at)), 0) FROM cases_clock "
            "WHERE next_fire_at <= %s",
            (now, now),
        )
        unfired, oldest = cursor.fetchone() or (0, 0)
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE due_at < %s), "
            "coalesce(extract(epoch FROM %s - min(opened_at) FILTER (WHERE version = 1)), 0) "
            "FROM cases_case WHERE NOT final",
            (now, now),
        )
        found, late, waiting = cursor.fetchone() or (0, 0, 0)
    return CaseGauges(unfired, max(0.0, float(oldest)), found, late, max(0.0, float(waiting)))
