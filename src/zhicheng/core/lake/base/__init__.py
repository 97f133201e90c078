"""What the lake reads from a pack folder."""

from zhicheng.core.lake.base.declarations import Tables, load_tables, read_tables

__all__ = ["Tables", "load_tables", "read_tables"]
