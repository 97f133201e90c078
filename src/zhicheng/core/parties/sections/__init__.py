"""The parts of a pack that parties reads: units and roles."""

from zhicheng.core.packs.public import guards, sections
from zhicheng.core.parties.sections.roles import ROLES
from zhicheng.core.parties.sections.units import UNITS, units_left_behind


def register() -> None:
    """Add the sections and the guard, once."""
    for section in (UNITS, ROLES):
        if section.code not in sections:
            sections.add(section.code, section)
    if "units" not in guards:
        guards.add("units", units_left_behind)
