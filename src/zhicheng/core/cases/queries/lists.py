"""Lists of cases: queues, search, counts. Keyset paged; no exact count of large sets."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, Value

from zhicheng.core.cases.gate import processes
from zhicheng.core.cases.models import Case
from zhicheng.core.cases.models.case import PAUSED, Bigrams
from zhicheng.core.cases.policy import readable_units
from zhicheng.core.cases.queries.paging import PAGE, read_page, row_of
from zhicheng.core.cases.queries.visibility import Purpose, in_units, visible_parts
from zhicheng.core.cases.values import CaseFilter, CaseGauges, CasePage, CaseRow, QueueCount, UnitLoad
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import Actor
from zhicheng.core.places.public import division_path
from zhicheng.engines.statetable.definition import Queue

_NUMBER = re.compile(r"[A-Z]{1,8}[0-9][0-9A-Z]{8,}")
_WILD = re.compile(r"[%_\\]")
_FEW = 500
_YES, _BARE = BooleanField(), "(%(expressions)s)"
_AMBER = timedelta(hours=4)


def list_cases(
    actor: Actor, wanted: CaseFilter, *, purpose: Purpose = Purpose.WORK, after: str = "", limit: int = PAGE
) -> CasePage:
    """One page of what concerns the actor, narrowed by the filter.

    Raises:
        CursorInvalid: `after` was not made by this list.
    """
    conditions = conditions_of(actor, wanted)
    parts = [Case.objects.filter(part, *conditions) for part in visible_parts(actor, purpose)]
    return read_page(parts, wanted, after=after, limit=limit)


def count_cases(actor: Actor, wanted: CaseFilter, *, purpose: Purpose = Purpose.WORK, most: int = 100) -> int:
    """How many cases such a list has; counting stops at `most`."""
    conditions = conditions_of(actor, wanted)
    found = set[UUID]()
    for part in visible_parts(actor, purpose):
        found.update(Case.objects.filter(part, *conditions).values_list("pk", flat=True)[:most])
    return min(len(found), most)


def conditions_of(actor: Actor, wanted: CaseFilter) -> list[Q]:
    """A filter as conditions on cases that are visible already."""
    conditions = [*_by_kind(wanted), *_by_place(wanted)]
    if wanted.queue:
        conditions.append(_queue_condition(actor, wanted.queue))
    if wanted.unit:
        conditions.append(in_units(get_unit_tree().subtree(wanted.unit)) if wanted.subtree else Q(unit_id=wanted.unit))
    if wanted.text:
        conditions.append(_text_condition(wanted.text.strip()))
    return conditions


def _text_condition(text: str) -> Q:
    """A case number, or words of the title.

    Where few titles have the words they are looked up first, by the index of titles: asked for the newest that match,
    the database would walk through all cases by age and hope. Where many have them, that walk is short.
    """
    if _NUMBER.fullmatch(text.upper()):
        return Q(number=text.upper())
    pattern = _WILD.sub(r"\\\g<0>", text)
    ilike = Func(F("title"), Value(f"%{pattern}%"), template=_BARE, arg_joiner=" ILIKE ", output_field=_YES)
    matching = Q(ilike)
    if len(text) > 1:  # the index knows pairs of characters
        matching &= Q(
            Func(Bigrams("title"), Bigrams(Value(text)), arg_joiner=" @> ", template=_BARE, output_field=_YES)
        )
    found = list(Case.objects.filter(matching).values_list("pk", flat=True)[: _FEW + 1])
    return Q(pk__in=found) if len(found) <= _FEW else matching


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
    """Open, late and soon-late work of each unit directly below `parent`, their subtrees summed; for supervisors.

    The first is `parent` itself with its own work alone, where the actor may read it.
    """
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
    own = [_load(parent, [by_unit[parent]] if parent in by_unit else [])] if parent and parent in readable else []
    return [*own, *(_load(code, (by_unit[unit] for unit in tree.subtree(code) if unit in by_unit)) for code in below)]


def similar_cases(category: str, box: tuple[float, float, float, float], limit: int = 20) -> list[CaseRow]:
    """Open cases of a category inside a box (west, south, east, north): what may be the same problem.

    Without an actor on purpose: callers show only what is public about them.
    """
    west, south, east, north = box
    rows = Case.objects.filter(
        final=False, category=category, longitude__range=(west, east), latitude__range=(south, north)
    ).order_by("-opened_at")[:limit]
    return [row_of(case) for case in rows]


def _queues() -> list[tuple[str, Queue]]:
    return [(process.code, queue) for process in processes().values() for queue in process.queues]


def _queue_condition(actor: Actor, code: str) -> Q:
    for process, queue in _queues():
        if f"{process}.{queue.code}" == code and queue.permission in actor.permissions:
            units = in_units(readable_units(actor, get_unit_tree(), queue.permission))
            return units & Q(final=False, process=process, state__in=queue.states)
    return Q(pk__in=[])


def _by_kind(wanted: CaseFilter) -> Iterable[Q]:
    yield from _by_process(wanted)
    if wanted.states:
        yield Q(state__in=wanted.states)
    if wanted.category:
        yield Q(category=wanted.category) | Q(category__startswith=wanted.category + ".")
    if wanted.urgent:
        yield Q(urgent=True)
    if wanted.paused:
        yield PAUSED
    if wanted.open_only:
        yield Q(final=False)
    if wanted.done_only:
        yield Q(final=True)
    yield from _by_time(wanted)


def _by_process(wanted: CaseFilter) -> Iterable[Q]:
    if wanted.process:
        yield Q(process=wanted.process)
    if wanted.processes:
        yield Q(process__in=wanted.processes)
    if wanted.tops_only:
        yield Q(parent__isnull=True)


def _by_time(wanted: CaseFilter) -> Iterable[Q]:
    if wanted.due_before is not None:
        yield Q(due_at__lt=wanted.due_before, final=False)
    if wanted.due_after is not None:
        yield Q(due_at__gte=wanted.due_after)


def _by_place(wanted: CaseFilter) -> Iterable[Q]:
    if wanted.division:
        path = "/".join(reversed(division_path(wanted.division)))
        yield Q(area=path) | Q(area__startswith=path + "/")


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
