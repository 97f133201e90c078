"""What came in, and what was rejected."""

from pathlib import Path
from uuid import UUID

from zhicheng.core.lake.gate.rejections import read_rejections
from zhicheng.core.lake.models import Ingest
from zhicheng.core.lake.queries.tables import get_snapshot, lake_root
from zhicheng.core.lake.values import IngestReport, Rejection


def rejections_path(ingest: UUID) -> Path:
    """Where the rejected rows of an ingest are listed."""
    return lake_root() / "_rejected" / f"{ingest}.parquet"


def list_rejections(ingest: UUID, *, start: int = 0, count: int = 100) -> list[Rejection]:
    """Findings of an ingest by row; none where every row fitted."""
    return list(read_rejections(rejections_path(ingest), start=start, count=count))


def list_ingests(table: str, *, count: int = 20) -> list[IngestReport]:
    """The newest ingests of a table."""
    return [_report(row) for row in Ingest.objects.filter(table=table).order_by("-at")[:count]]


def _report(row: Ingest) -> IngestReport:
    return IngestReport(
        id=row.id,
        table=row.table,
        version=get_snapshot(row.table, as_of=row.version).version,
        read=row.read,
        accepted=row.accepted,
        rejected=row.rejected,
        reasons=row.reasons,
        absent=tuple(row.absent),
        ignored=tuple(row.ignored),
        rejections=rejections_path(row.id) if row.rejected else None,
    )
