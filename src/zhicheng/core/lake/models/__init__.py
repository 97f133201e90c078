"""Records about tables; the tables themselves are files."""

from zhicheng.core.lake.models.ingest import Ingest

__all__ = ["Ingest"]
