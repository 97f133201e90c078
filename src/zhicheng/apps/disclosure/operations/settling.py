"""Keeping the projection for the yearly report in step with the case."""

from datetime import datetime
from uuid import UUID

from zhicheng.apps.disclosure.models import DisclosureRequest
from zhicheng.core.cases.public import get_case
from zhicheng.core.parties.values import system_actor

_ANSWERING = frozenset({"decide"})


def settle(case_id: UUID, now: datetime) -> None:
    """Write what the case has become: its unit, and once it has ended how, when, and whether in time. Idempotent."""
    details = get_case(system_actor("disclosure.settling"), case_id)
    row = details.row
    columns: dict[str, object] = {"unit_code": row.unit}
    if row.final:
        answer = [clock for clock in details.clocks if clock.code == "answer"]
        answered = any(item.action in _ANSWERING for item in details.history)
        columns |= {
            "decision": str(row.facts.get("decision") or ""),
            "ground": str(row.facts.get("ground") or ""),
            "decided_at": row.closed_at or now,
            "late": answered and bool(answer) and answer[-1].is_late(now),
        }
    DisclosureRequest.objects.filter(pk=case_id).update(**columns)
