"""Bulk runs that were made."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from zhicheng.core.rules.models import RuleRun
from zhicheng.core.rules.values import Run, Tally


def _value(row: RuleRun) -> Run:
    """A stored run as a value."""
    tallies = tuple(
        replace(Tally(**tally), total=None if tally["total"] is None else Decimal(tally["total"]))
        for tally in row.tallies
    )
    return Run(
        row.id,
        row.entity,
        row.on_date,
        row.at,
        row.actor_ref,
        row.rulebook,
        row.table_version,
        row.result_table,
        row.result_hash,
        row.rows,
        tallies,
    )


def get_run(run: UUID) -> Run | None:
    """A bulk run by its id."""
    row = RuleRun.objects.filter(pk=run).first()
    return _value(row) if row is not None else None


def list_runs(*, entity: str = "", limit: int = 50) -> list[Run]:
    """The newest bulk runs, of one entity where given."""
    rows = RuleRun.objects.filter(**({"entity": entity} if entity else {}))
    return [_value(row) for row in rows.order_by("-at")[:limit]]
