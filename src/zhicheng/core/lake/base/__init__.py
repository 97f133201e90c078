"""What the lake reads from a pack folder, and what packages tell it of their things."""

from zhicheng.core.lake.base.declarations import Tables, load_tables, read_tables
from zhicheng.core.lake.base.projections import Projection, Rows, subject_key

__all__ = ["Projection", "Rows", "Tables", "load_tables", "read_tables", "subject_key"]
