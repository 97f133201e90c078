"""Somebody says that a fact is wrong: a case for the department, its words sealed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhicheng.apps.benefits.errors import IdentityNeeded
from zhicheng.apps.benefits.models import Correction, Payment
from zhicheng.apps.benefits.operations.paying import mark_corrected
from zhicheng.apps.benefits.queries.catalogue import department_of, get_benefit
from zhicheng.apps.benefits.queries.entitlements import my_key
from zhicheng.apps.benefits.values import Benefit, CorrectFact
from zhicheng.core.cases.public import get_row, new_case, store_case
from zhicheng.core.cases.values import CaseDraft, OpenedCase
from zhicheng.core.lake.public import get_entity
from zhicheng.core.ledger.values import IdempotencyKey
from zhicheng.core.parties.public import keyring
from zhicheng.core.parties.values import Actor, system_actor
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.sqltext import insert_rows
from zhicheng.kit.texts import clean_text

PROCESS, CLAIM = "benefit_correction", "benefit_claim"
ACCOUNT_FACT = "bank_account_known"
_LONGEST = 1000


def correct_fact(command: CorrectFact, *, actor: Actor, now: datetime, key: IdempotencyKey | None = None) -> OpenedCase:
    """Open a correction, once per key.

    Raises:
        IdentityNeeded: nobody knows whose facts they are.
        BenefitUnknown: the pack has no such benefit.
        FieldErrors: no such fact, or no words.
        IdempotencyKeyReused: the key came before with another body.
    """
    if actor.party_id is None:
        raise IdentityNeeded()
    benefit, claim = get_benefit(command.benefit), clean_text(command.claim)
    person = my_key(actor)
    labels = {column.code: column.label for column in get_entity(benefit.audience).columns}
    errors: dict[str, list[str]] = {}
    if command.fact not in labels:
        errors["fact"] = ["请选择哪一项数据不对"]
    if not 2 <= len(claim) <= _LONGEST:
        errors["claim"] = [f"请写明正确的情况（2 至 {_LONGEST} 个字）"]
    if errors:
        raise FieldErrors(errors)
    case = new_case(_draft(benefit, labels[command.fact], command, actor), actor, now)
    failed = _failed_payment(person, benefit.code) if command.fact == ACCOUNT_FACT else None
    ring = keyring()
    row = {
        "case_id": case.id,
        "benefit": benefit.code,
        "fact": command.fact,
        "payment_id": failed,
        "claim_sealed": ring.seal(claim, row=case.id, field=CLAIM),
        "key_id": ring.current().id,
    }
    gate = "fresh" if key else ""
    extra = [insert_rows("correction", "benefits_correction", [row], gate=gate)]
    return store_case(case, extra=extra, key=key, now=now)


def settle_correction(case_id: UUID, now: datetime) -> None:
    """The department has corrected it: a payment that had failed for it goes into the next batch. Idempotent."""
    row = Correction.objects.filter(pk=case_id, payment__isnull=False, payment__corrected_at__isnull=True).first()
    if row is not None and row.payment_id is not None:
        reason = f"更正 {get_row(case_id).number}"
        mark_corrected(row.payment_id, actor=system_actor("benefits"), now=now, reason=reason)


def read_claim(case_id: UUID) -> str:
    """What was said in a correction. Check first that the reader may see the case."""
    row = Correction.objects.filter(pk=case_id).first()
    return keyring().open(bytes(row.claim_sealed), row=case_id, field=CLAIM) if row is not None else ""


def reseal_corrections(current: int, batch: int) -> int:
    """Re-seal up to `batch` rows under the current key; how many are still under another."""
    old = Correction.objects.exclude(key_id=current)
    ring = keyring()
    with transaction.atomic():
        for row in old.select_for_update(skip_locked=True).order_by("pk")[:batch]:
            plain = ring.open(bytes(row.claim_sealed), row=row.pk, field=CLAIM)
            row.claim_sealed, row.key_id = ring.seal(plain, row=row.pk, field=CLAIM), current
            row.save(update_fields=["claim_sealed", "key_id"])
    return old.count()


def _draft(benefit: Benefit, label: str, command: CorrectFact, actor: Actor) -> CaseDraft:
    at_home = command.doorstep and benefit.doorstep
    task = f"本人认为“{label}”不对，涉及补贴“{benefit.label}”。" + ("请上门核对。" if at_home else "")
    return CaseDraft(
        process=PROCESS,
        unit=department_of(benefit),
        title=f"{benefit.label}：更正“{label}”"[:120],
        facts={"benefit": benefit.code, "fact": command.fact, "doorstep": at_home, "task": task},
        requester=actor.party_id,
        notify={"unit": "benefit.correction"},
    )


def _failed_payment(person: str, benefit: str) -> int | None:
    waiting = Payment.objects.filter(
        entitlement__person_key=person,
        entitlement__benefit=benefit,
        state__in=["failed", "returned"],
        corrected_at__isnull=True,
    )
    return waiting.order_by("-id").values_list("id", flat=True).first()
