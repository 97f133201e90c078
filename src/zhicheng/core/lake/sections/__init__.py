"""The parts of a pack that the lake reads: declared entity tables, and the figures of simulated people."""

from zhicheng.core.lake.sections.population import POPULATION
from zhicheng.core.lake.sections.tables import TABLES
from zhicheng.core.packs.public import sections


def register() -> None:
    """Add the sections, once."""
    for section in (TABLES, POPULATION):
        if section.code not in sections:
            sections.add(section.code, section)
