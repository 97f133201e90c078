"""What earlier runs granted for the periods of a run: an input of its result, kept as a table of the lake."""

from collections.abc import Iterator, Sequence
from datetime import date

import pyarrow as pa
from django.db import connection

from zhicheng.apps.benefits.policy.periods import period_of
from zhicheng.apps.benefits.values import Benefit
from zhicheng.kit.sqltext import to_json

SCHEMA = pa.schema(
    [
        ("benefit", pa.string()),
        ("period", pa.string()),
        ("unit_key", pa.string()),
        ("person_key", pa.string()),
        ("net_cents", pa.int64()),
        ("grants", pa.int64()),
        ("on_date", pa.date32()),
    ]
)
_ROWS = 50_000
# What stopped counts as nothing; what is being reclaimed counts less, unless that was waived.
_SQL = """
SELECT e.benefit, e.period, e.unit_key, e.person_key,
  sum(CASE WHEN e.stopped_at IS NULL THEN e.amount_cents - coalesce(r.cents, 0) ELSE 0 END)::bigint,
  count(*), max(e.on_date) FILTER (WHERE e.stopped_at IS NULL)
FROM benefits_entitlement e
JOIN jsonb_to_recordset(%s::jsonb) AS w (benefit text, period text)
  ON w.benefit = e.benefit AND (w.period IS NULL OR w.period = e.period)
LEFT JOIN (SELECT entitlement_id, sum(amount_cents) AS cents FROM benefits_reclaim
  WHERE waived_at IS NULL GROUP BY entitlement_id) r ON r.entitlement_id = e.id
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


def prior_batches(benefits: Sequence[Benefit], on: date) -> Iterator[pa.RecordBatch]:
    """What was granted for the periods of a day, in order, without holding it all; for events, of all there were."""
    wanted = [{"benefit": each.code, "period": None if each.event else period_of(each.period, on)} for each in benefits]
    with connection.chunked_cursor() as cursor:
        cursor.execute(_SQL, (to_json(wanted),))
        while rows := cursor.fetchmany(_ROWS):
            columns = [
                pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), SCHEMA, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=SCHEMA)
