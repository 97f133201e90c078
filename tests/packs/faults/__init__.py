"""Every fault that the check of a pack must find, in one table."""

from tests.packs.faults import appeals, city, files, offers, work
from tests.packs.faults.seeding import SeededFault

ALL: list[SeededFault] = [
    *files.FILES,
    *files.MANIFEST,
    *city.DIVISIONS,
    *city.AREAS,
    *city.UNITS,
    *work.CALENDARS,
    *work.PROCESSES,
    *work.MESSAGES,
    *appeals.TAXONOMY,
    *appeals.RESPONSIBILITIES,
    *appeals.EXAMPLES,
    *appeals.LEVELS,
    *offers.SERVICES,
    *offers.RIGHTS,
]

__all__ = ["ALL", "SeededFault"]
