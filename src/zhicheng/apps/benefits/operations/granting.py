"""Executing an approved run, piece by piece: each piece is stored whole with the mark that it was done."""

from datetime import datetime

from django.db import connection, transaction

from zhicheng.apps.benefits.models import BenefitRun
from zhicheng.apps.benefits.queries.catalogue import benefit_of
from zhicheng.core.lake.public import connect

_COLUMNS = "run_id, person_key, unit_key, benefit, period, sequence, on_date, amount_cents, needs_confirm, confirmed_at"


def grant_chunk(row: BenefitRun, now: datetime) -> int:
    """Store the next piece of what a run grants, by COPY; how many. The row is locked by the caller."""
    confirmed = {benefit_of(each).code: benefit_of(each).pay == "confirm" for each in row.definitions["benefits"]}
    with connect([row.result_table]) as lake:
        found = lake.execute(
            f'SELECT person_key, unit_key, benefit, period, sequence, change_cents FROM "{row.result_table}" '
            f"WHERE chunk = {row.chunks_done} AND change_cents > 0 ORDER BY benefit, person_key"
        ).fetchall()
    with transaction.atomic():
        with connection.cursor() as cursor, cursor.copy(f"COPY benefits_entitlement ({_COLUMNS}) FROM STDIN") as copy:
            for person, unit, benefit, period, sequence, cents in found:
                waits = confirmed[benefit]
                at = None if waits else now
                copy.write_row((row.id, person, unit, benefit, period, sequence, row.on_date, cents, waits, at))
        row.chunks_done += 1
        row.granted += len(found)
        row.granted_at = now if row.chunks_done >= row.chunks else None
        row.save(update_fields=["chunks_done", "granted", "granted_at"])
    return len(found)
