"""What was rejected of what came in."""

from pathlib import Path
from uuid import UUID

from zhicheng.core.lake.errors import RejectionsSwept
from zhicheng.core.lake.gate.rejections import read_rejections
from zhicheng.core.lake.models.ingest import Ingest
from zhicheng.core.lake.queries.tables import lake_root
from zhicheng.core.lake.values import Rejection


def rejections_folder() -> Path:
    """Where lists of rejected rows lie."""
    return lake_root() / "_rejected"


def rejections_path(ingest: UUID) -> Path:
    """Where the rejected rows of an ingest are listed."""
    return rejections_folder() / f"{ingest}.parquet"


def list_rejections(ingest: UUID, *, start: int = 0, count: int = 100) -> list[Rejection]:
    """Findings of an ingest by row; none where every row fitted.

    Raises:
        RejectionsSwept: rows were rejected, but their list was removed as old.
    """
    path = rejections_path(ingest)
    if not path.exists() and Ingest.objects.filter(id=ingest, rejected__gt=0).exists():
        raise RejectionsSwept(ingest=ingest)
    return list(read_rejections(path, start=start, count=count))
