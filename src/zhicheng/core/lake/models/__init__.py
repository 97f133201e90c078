"""What came into the lake by hand, and what is on its way there."""

from zhicheng.core.lake.models.change import Change
from zhicheng.core.lake.models.ingest import Ingest

__all__ = ["Change", "Ingest"]
