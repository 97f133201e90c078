"""Batches: what waits for payment is gathered, then written for the bank. Nothing is paid twice."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from zhicheng.apps.benefits.errors import BatchNotFound, NothingToPay, PaymentNotFound
from zhicheng.apps.benefits.models import Payment, PaymentBatch
from zhicheng.apps.benefits.operations.planning import PAY, require
from zhicheng.apps.benefits.queries.payments import as_batch
from zhicheng.apps.benefits.queries.projected import PAYMENTS
from zhicheng.apps.benefits.registry import current_provider, payment_providers
from zhicheng.apps.benefits.values import Batch, BatchHead, PayLine
from zhicheng.core.lake.public import note_changed
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.values import Actor
from zhicheng.kit.clock import CHINA
from zhicheng.kit.ids import case_number, uuid7

MOST_LINES = 1_000_000
_LOCK = 0x7A63_7061
# Live, confirmed, in no attempt that is sent or paid, and not failed without having been corrected.
_GATHER = """
INSERT INTO benefits_payment
  (batch_id, entitlement_id, sequence, reference, amount_cents, state, reason, created_at)
SELECT %s, id, row_number() OVER (ORDER BY id), %s || '-' || row_number() OVER (ORDER BY id), amount_cents,
  'sent', '', %s
FROM (SELECT e.id, e.amount_cents FROM benefits_entitlement e
  WHERE e.stopped_at IS NULL AND e.confirmed_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM benefits_payment p WHERE p.entitlement_id = e.id
      AND (p.state IN ('sent', 'paid') OR p.corrected_at IS NULL))
  ORDER BY e.id LIMIT %s FOR UPDATE OF e) AS waiting
RETURNING amount_cents
"""
_LINES = """
SELECT p.sequence, p.reference, e.person_key, e.benefit, e.period, p.amount_cents
FROM benefits_payment p JOIN benefits_entitlement e ON e.id = p.entitlement_id
WHERE p.batch_id = %s ORDER BY p.sequence
"""
_ROWS = 20_000


def make_batch(*, actor: Actor, now: datetime, limit: int = MOST_LINES) -> Batch:
    """Gather what waits for payment and write it for the bank.

    The rows are stored first: if writing fails, `write_batch` writes the same file later.

    Raises:
        NotPermitted: the official may not.
        NothingToPay: nothing waits.
    """
    require(actor, PAY, "支付补贴")
    with transaction.atomic():
        row = _gather(actor, now, limit)
    return write_batch(row.number, actor=actor, now=now)


def write_batch(number: str, *, actor: Actor, now: datetime) -> Batch:
    """Write a batch's file, again if need be: it is the same whenever it is written.

    Raises:
        NotPermitted: the official may not.
        BatchNotFound: there is none.
    """
    require(actor, PAY, "支付补贴")
    row = PaymentBatch.objects.filter(number=number).first()
    if row is None:
        raise BatchNotFound()
    head = BatchHead(row.number, row.day, row.count, row.total_cents)
    with transaction.atomic():
        written = payment_providers[row.provider].write(head, _lines(row.id))
        row.file, row.digest, row.written_at = written.name, written.digest, now
        row.save(update_fields=["file", "digest", "written_at"])
        record(_entry(row, actor, "benefits.batch_written", now))
    return as_batch(row)


def read_batch(number: str, *, actor: Actor, now: datetime) -> tuple[str, bytes]:
    """The file of a batch for the bank, with its name; who took it is in the ledger.

    Raises:
        NotPermitted: the official may not.
        BatchNotFound: there is none, or it is not written yet.
    """
    require(actor, PAY, "下载支付文件")
    row = PaymentBatch.objects.filter(number=number, written_at__isnull=False).first()
    path = Path(settings.HOME) / "payments" / "out" / row.file if row is not None else None
    if row is None or path is None or not path.is_file():
        raise BatchNotFound()
    with transaction.atomic():
        record(_entry(row, actor, "benefits.batch_taken", now))
    return row.file, path.read_bytes()


def reissue_payment(payment: int, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """What made a payment fail was corrected: it goes into the next batch.

    Raises:
        NotPermitted: the official may not.
        PaymentNotFound: there is no failed or returned payment that waits for it.
    """
    require(actor, PAY, "重新发放补贴")
    mark_corrected(payment, actor=actor, now=now, reason=reason)


def mark_corrected(payment: int, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """As `reissue_payment`, for this package's own operations.

    Raises:
        PaymentNotFound: as there.
    """
    waiting = Payment.objects.filter(pk=payment, state__in=["failed", "returned"], corrected_at__isnull=True)
    with transaction.atomic():
        if not waiting.update(corrected_at=now):
            raise PaymentNotFound()
        about = f"payment:{payment}"
        record(Entry(uuid7(now), now, actor.ref, "benefits.payment_corrected", about, reason=reason[:200]))


def _gather(actor: Actor, now: datetime, limit: int) -> PaymentBatch:
    code, _ = current_provider()
    number = case_number(f"{current_pack().number_prefix}P", now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        day = now.astimezone(CHINA).date()
        row = PaymentBatch.objects.create(
            number=number, provider=code, day=day, created_at=now, created_by=actor.ref, count=0, total_cents=0
        )
        cursor.execute(
            f"WITH made AS ({_GATHER}) SELECT count(*), coalesce(sum(amount_cents), 0) FROM made",
            (row.id, number, now, limit),
        )
        row.count, row.total_cents = cursor.fetchone() or (0, 0)
    if not row.count:
        raise NothingToPay()
    row.save(update_fields=["count", "total_cents"])
    record(_entry(row, actor, "benefits.batch", now))
    note_changed(PAYMENTS, [row.id], now=now)
    return row


def _lines(batch: int) -> Iterator[PayLine]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_LINES, (batch,))
        while rows := cursor.fetchmany(_ROWS):
            for row in rows:
                yield PayLine(*row)


def _entry(row: PaymentBatch, actor: Actor, action: str, now: datetime) -> Entry:
    data = {"number": row.number, "count": row.count, "total_cents": int(row.total_cents)}
    if row.digest:
        data["digest"] = row.digest
    return Entry(uuid7(now), now, actor.ref, action, f"payment_batch:{row.number}", data=data)
