"""Runs, as officials see them."""

from datetime import datetime
from uuid import UUID

from zhicheng.apps.benefits.errors import RunNotFound
from zhicheng.apps.benefits.models import BenefitRun
from zhicheng.apps.benefits.queries.catalogue import benefit_of
from zhicheng.apps.benefits.values import BenefitTotal, Compared, Run


def as_run(row: BenefitRun) -> Run:
    """A row as a value; for this package only."""
    return Run(
        id=row.id,
        audience=row.audience,
        on=row.on_date,
        benefits=tuple(row.benefits),
        planned_at=row.planned_at,
        planned_by=row.planned_by,
        computed_at=row.computed_at,
        approved_at=row.approved_at,
        approved_by=row.approved_by,
        finished_at=row.finished_at,
        failure=row.failure,
        rulebook=row.rulebook,
        table_version=row.table_version,
        result_table=row.result_table,
        result_hash=row.result_hash,
        people=row.people,
        totals=tuple(BenefitTotal(**total) for total in row.totals),
        chunks=row.chunks,
        chunks_done=row.chunks_done,
        granted=row.granted,
        told=row.told,
    )


def get_run(run: UUID) -> Run:
    """One run.

    Raises:
        RunNotFound: there is none.
    """
    row = BenefitRun.objects.filter(pk=run).first()
    if row is None:
        raise RunNotFound()
    return as_run(row)


def list_runs(*, before: datetime | None = None, limit: int = 20) -> list[Run]:
    """Runs, newest first."""
    rows = BenefitRun.objects.filter(**({"planned_at__lt": before} if before else {}))
    return [as_run(row) for row in rows.order_by("-planned_at")[:limit]]


def compare_run(run: UUID) -> list[Compared]:
    """A run's totals, each beside that of the last executed run of the audience that had the benefit.

    Raises:
        RunNotFound: there is none.
    """
    row = BenefitRun.objects.filter(pk=run).first()
    if row is None:
        raise RunNotFound()
    earlier = BenefitRun.objects.filter(
        audience=row.audience, approved_at__isnull=False, planned_at__lt=row.planned_at
    ).order_by("-planned_at")[:12]
    before: dict[str, BenefitTotal] = {}
    for old in earlier:
        for total in old.totals:
            before.setdefault(total["benefit"], BenefitTotal(**total))
    by_code = {benefit_of(definition).code: benefit_of(definition) for definition in row.definitions["benefits"]}
    return [
        Compared(by_code[each["benefit"]], BenefitTotal(**each), before.get(each["benefit"])) for each in row.totals
    ]
