"""What was rejected of what came in."""

from pathlib import Path
from uuid import UUID

from zhicheng.core.lake.gate.rejections import read_rejections
from zhicheng.core.lake.queries.tables import lake_root
from zhicheng.core.lake.values import Rejection


def rejections_path(ingest: UUID) -> Path:
    """Where the rejected rows of an ingest are listed."""
    return lake_root() / "_rejected" / f"{ingest}.parquet"


def list_rejections(ingest: UUID, *, start: int = 0, count: int = 100) -> list[Rejection]:
    """Findings of an ingest by row; none where every row fitted."""
    return list(read_rejections(rejections_path(ingest), start=start, count=count))
