"""Cases by their process: the versions they run on, and what became of parents with their children."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from zhicheng.core.cases.gate import processes
from zhicheng.core.cases.gate.definitions import current_process
from zhicheng.core.cases.models import Case
from zhicheng.core.cases.values import FinishedParent, PinnedProcess
from zhicheng.core.packs.public import get_definition


def list_running_processes() -> list[PinnedProcess]:
    """Every version that cases run on and every current one, by process, the current version last."""
    rows = Case.objects.filter(final=False).values("definition").annotate(count=Count("id"))
    running = {row["definition"]: row["count"] for row in rows.order_by("definition")}
    current = {current_process(code)[0] for code in processes()}
    found = [get_definition(digest) for digest in {*running, *current}]
    listed = [
        PinnedProcess(one.hash, one.code, one.label, running.get(one.hash, 0), one.hash in current) for one in found
    ]
    return sorted(listed, key=lambda one: (one.code, one.is_current, one.hash))


def finished_parents(
    process: str, state: str, child_state: str, since: datetime, until: datetime
) -> Iterator[FinishedParent]:
    """The cases of a process closed in a state within a period, each with its children that ended in another state.

    For reports over everybody: gives times and ids, nothing that is told about a person.
    """
    closed = Case.objects.filter(process=process, state=state, closed_at__gte=since, closed_at__lt=until)
    ended = Case.objects.filter(parent__in=closed.values("id"), state=child_state).values_list("parent_id", "id")
    children: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for parent, child in ended.iterator():
        children[parent].append(child)
    for found, opened_at, closed_at in closed.values_list("id", "opened_at", "closed_at").order_by("id").iterator():
        if closed_at is not None and children[found]:
            yield FinishedParent(found, opened_at, closed_at, tuple(children[found]))
