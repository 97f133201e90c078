"""Reclaiming what was paid and not due: a row with its case, a notice with the reason and how to object."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhicheng.apps.benefits.models import BenefitRun, Entitlement, Payment, Reclaim
from zhicheng.apps.benefits.operations.telling import RECLAIM, party_of, tell_person, yuan
from zhicheng.apps.benefits.policy.periods import period_words
from zhicheng.apps.benefits.queries.catalogue import benefit_of, department_of, label_of
from zhicheng.core.cases.public import new_case, store_case
from zhicheng.core.cases.values import CaseDraft
from zhicheng.core.parties.values import system_actor

PROCESS = "benefit_reclaim"


def open_reclaim(run: BenefitRun, grant: Entitlement, cents: int, reason: str, now: datetime) -> None:
    """Ask for an amount back, once an entitlement and run; within the caller's transaction."""
    if Reclaim.objects.filter(entitlement=grant, run=run).exists():
        return
    label = label_of(grant.benefit)
    title = f"{label}（{period_words(grant.period)}）退回 {yuan(cents)}"
    actor = system_actor("benefits")
    draft = CaseDraft(
        process=PROCESS,
        unit=_unit(grant),
        title=title,
        facts={"benefit": grant.benefit, "amount_cents": cents, "task": f"{title}。理由：{reason}。"},
        requester=party_of(grant.person_key),
        rule=f"rulebook:{run.rulebook}",
    )
    opened = store_case(new_case(draft, actor, now), now=now)
    Reclaim.objects.create(
        entitlement=grant, run=run, amount_cents=cents, reason=reason, case_id=opened.id, created_at=now
    )
    params = {"title": f"“{label}”", "amount": yuan(cents), "reason": reason}
    tell_person(grant.person_key, RECLAIM, f"reclaim:{opened.id}", params, now=now)


def waive_reclaim(case_id: UUID, now: datetime) -> None:
    """A supervisor lets it go: what was paid counts as granted again. Idempotent."""
    with transaction.atomic():
        row = Reclaim.objects.select_for_update().filter(case_id=case_id, waived_at__isnull=True).first()
        if row is None:
            return
        row.waived_at = now
        row.save(update_fields=["waived_at"])
        if Payment.objects.filter(entitlement_id=row.entitlement_id, state="paid").exists():
            Entitlement.objects.filter(pk=row.entitlement_id).update(stopped_at=None, stopped_by=None)


def _unit(grant: Entitlement) -> str:
    for definition in grant.run.definitions["benefits"]:
        if benefit_of(definition).code == grant.benefit:
            return department_of(benefit_of(definition))
    raise LookupError(grant.benefit)
