"""The part of a pack that the lake reads: declared entity tables."""

from zhicheng.core.lake.sections.tables import TABLES
from zhicheng.core.packs.public import sections


def register() -> None:
    """Add the section, once."""
    if TABLES.code not in sections:
        sections.add(TABLES.code, TABLES)
