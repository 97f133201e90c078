"""Return files of the bank: taken whole or refused whole; the same file again changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import connection, transaction

from zhicheng.apps.benefits.errors import ReturnRefused
from zhicheng.apps.benefits.models import Payment, PaymentBatch, PaymentReturn
from zhicheng.apps.benefits.operations.planning import PAY, require
from zhicheng.apps.benefits.operations.reclaiming import open_reclaim
from zhicheng.apps.benefits.operations.telling import FAILED, tell_person, yuan
from zhicheng.apps.benefits.queries.catalogue import label_of
from zhicheng.apps.benefits.queries.projected import PAYMENTS
from zhicheng.apps.benefits.registry import current_provider, payment_providers
from zhicheng.apps.benefits.values import ReturnFault, ReturnFile, ReturnLine, ReturnReport
from zhicheng.core.lake.public import note_changed
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.core.parties.values import Actor
from zhicheng.kit.ids import uuid7
from zhicheng.kit.sqltext import to_json

_MOST_FAULTS = 200
# What the bank may say next after what it said last. The same again changes nothing.
_NEXT: Mapping[str, frozenset[str]] = {
    "sent": frozenset({"paid", "failed", "returned"}),
    "paid": frozenset({"paid", "returned"}),
    "failed": frozenset({"failed"}),
    "returned": frozenset({"returned"}),
}
_STATES = {"sent": "处理中", "paid": "已到账", "failed": "失败", "returned": "已退回"}
_STORE = """
UPDATE benefits_payment p SET state = r.state, reason = r.reason, answered_at = %s
FROM jsonb_to_recordset(%s::jsonb) AS r (id bigint, state text, reason text) WHERE p.id = r.id
"""


def take_return(content: bytes, *, actor: Actor, now: datetime) -> ReturnReport:
    """Take a return file in.

    Raises:
        NotPermitted: the official may not.
        ReturnRefused: anything is wrong with it; nothing was changed, `data["faults"]` lists all.
    """
    require(actor, PAY, "处理银行回盘")
    _, provider = current_provider()
    file = provider.read(content)
    with transaction.atomic():
        batch = PaymentBatch.objects.select_for_update().filter(number=file.batch).first()
        if batch is None:
            raise _refused([ReturnFault(1, f"没有批次 {file.batch}")])
        stored = PaymentReturn.objects.filter(digest=file.digest).first()
        if stored is not None:
            return ReturnReport(**{**stored.report, "repeated": True})
        if batch.provider not in payment_providers:
            raise _refused([ReturnFault(1, f"批次 {file.batch} 不是由本系统的支付通道发出的")])
        return _take(file, batch, actor, now)


def _take(file: ReturnFile, batch: PaymentBatch, actor: Actor, now: datetime) -> ReturnReport:
    known = {row.reference: row for row in Payment.objects.filter(batch=batch)}
    faults = [fault for line in file.lines if (fault := _fault(line, known))]
    if PaymentReturn.objects.filter(batch=batch, number=file.number).exists():
        faults.insert(0, ReturnFault(1, f"回盘号 {file.number} 已经用过，内容却不同"))
    if faults:
        raise _refused(faults)
    changed = [(known[line.reference], line) for line in file.lines if known[line.reference].state != line.result]
    report = _report(file, changed)
    _store(file, batch, changed, report, actor, now)
    return report


def _fault(line: ReturnLine, known: Mapping[str, Payment]) -> ReturnFault | None:
    payment = known.get(line.reference)
    if payment is None:
        return ReturnFault(line.line, f"这个批次里没有支付编号 {line.reference}")
    if payment.amount_cents != line.amount_cents:
        return ReturnFault(line.line, f"金额应是 {payment.amount_cents} 分，不是 {line.amount_cents} 分")
    if line.result not in _NEXT[payment.state]:
        text = f"这笔支付已经是“{_STATES[payment.state]}”，不能再变成“{_STATES[line.result]}”"
        return ReturnFault(line.line, text)
    return None


def _report(file: ReturnFile, changed: Sequence[tuple[Payment, ReturnLine]]) -> ReturnReport:
    results = [line.result for _, line in changed]
    counts = (results.count("paid"), results.count("failed"), results.count("returned"))
    return ReturnReport(file.batch, file.number, *counts, len(file.lines) - len(changed))


def _store(  # noqa: PLR0913  # one file, what it changes, who brought it
    file: ReturnFile,
    batch: PaymentBatch,
    changed: Sequence[tuple[Payment, ReturnLine]],
    report: ReturnReport,
    actor: Actor,
    now: datetime,
) -> None:
    rows = [{"id": payment.id, "state": line.result, "reason": line.reason} for payment, line in changed]
    with connection.cursor() as cursor:
        cursor.execute(_STORE, (now, to_json(rows)))
    note_changed(PAYMENTS, [batch.id], now=now)
    PaymentReturn.objects.create(
        digest=file.digest,
        batch=batch,
        number=file.number,
        received_at=now,
        received_by=actor.ref,
        report=asdict(report),
    )
    data = {"number": file.number, "digest": file.digest, **asdict(report)}
    record(Entry(uuid7(now), now, actor.ref, "benefits.returned", f"payment_batch:{batch.number}", data=data))
    _follow(changed, now)


def _follow(changed: Sequence[tuple[Payment, ReturnLine]], now: datetime) -> None:
    """Receivers of what failed are told; what reached somebody after it was stopped is reclaimed."""
    ids = [payment.id for payment, _ in changed]
    for payment in Payment.objects.filter(pk__in=ids).select_related("entitlement", "entitlement__stopped_by"):
        grant = payment.entitlement
        if payment.state == "paid" and grant.stopped_at is not None and grant.stopped_by is not None:
            open_reclaim(grant.stopped_by, grant, payment.amount_cents, "停发时银行已在支付，款项已经到账", now)
        elif payment.state in {"failed", "returned"} and grant.stopped_at is None:
            params = {"title": f"“{label_of(grant.benefit)}”", "amount": yuan(payment.amount_cents)}
            params["reason"] = payment.reason
            tell_person(grant.person_key, FAILED, f"payment:{payment.id}", params, now=now)


def _refused(faults: Sequence[ReturnFault]) -> ReturnRefused:
    first = f"第 {faults[0].line} 行：{faults[0].text}"
    return ReturnRefused(count=len(faults), first=first, faults=tuple(faults[:_MOST_FAULTS]))
