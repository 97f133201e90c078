"""Applications: what belongs to their cases, and how they were decided."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from zhicheng.apps.services.errors import ApplicationNotFound
from zhicheng.apps.services.models import Application
from zhicheng.apps.services.values import ApplicationDecision, ApplicationInfo, GivenFact, Problem, RuleVerdict
from zhicheng.core.parties.public import keyring
from zhicheng.kit.sqltext import to_json

DECISION = "service_decision"


def get_application(case_id: UUID) -> ApplicationInfo:
    """What belongs to an application. Check first that the reader may see the case.

    Raises:
        ApplicationNotFound: the case is none.
    """
    row = Application.objects.filter(pk=case_id).first()
    if row is None:
        raise ApplicationNotFound()
    return ApplicationInfo(row.case_id, row.item, row.theme, row.submission_id, _decision(row))


def list_alike_decisions(item: str, *, besides: UUID, limit: int = 5) -> list[UUID]:
    """The newest decided applications for an item: precedents for a reviewer."""
    rows = Application.objects.filter(item=item, decided_at__isnull=False).exclude(pk=besides)
    return list(rows.order_by("-decided_at").values_list("case_id", flat=True)[:limit])


def seal_decision(decision: ApplicationDecision, case_id: UUID) -> dict[str, Any]:
    """The columns of a decision: it quotes facts about a person, so it is sealed."""
    ring = keyring()
    sealed = ring.seal(to_json(asdict(decision)), row=case_id, field=DECISION)
    return {"decision_sealed": sealed, "key_id": ring.current().id}


def _decision(row: Application) -> ApplicationDecision | None:
    if row.decision_sealed is None:
        return None
    plain: Mapping[str, Any] = json.loads(keyring().open(bytes(row.decision_sealed), row=row.pk, field=DECISION))
    return ApplicationDecision(
        outcome=plain["outcome"],
        verdicts=[RuleVerdict(**each) for each in plain["verdicts"]],
        facts=[GivenFact(**each) for each in plain["facts"]],
        problems=[Problem(**each) for each in plain["problems"]],
        decided_at=plain["decided_at"],
    )
