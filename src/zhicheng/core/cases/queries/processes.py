"""The versions of processes on which cases run: for whoever plans a migration."""

from django.db.models import Count

from zhicheng.core.cases.gate import processes
from zhicheng.core.cases.gate.definitions import current_process
from zhicheng.core.cases.models import Case
from zhicheng.core.cases.values import PinnedProcess
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
