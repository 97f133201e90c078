"""What themes have really saved: counted from the cases that are finished, not from what the definitions promise."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from datetime import date, datetime, time, timedelta
from itertools import islice

from zhicheng.apps.services.models import Application
from zhicheng.apps.services.policy import saving_of
from zhicheng.apps.services.queries.catalogue import catalogue_of
from zhicheng.apps.services.values import Effort, Saving, ThemeSaving
from zhicheng.core.cases.public import calendars, finished_parents
from zhicheng.core.cases.values import FinishedParent
from zhicheng.kit.clock import CHINA

_CALENDAR = "working"
_AT_ONCE = 1000
_DAY = timedelta(days=1)
# Which things were done as one: the theme, the items that were approved, the guides of that time, and the days it took.
_Done = tuple[str, frozenset[str], str, int]


def finished_savings(since: datetime, until: datetime) -> list[ThemeSaving]:
    """The themes finished in a period, those that saved most days first.

    Alone is what the guides ask for each approved item by itself. Together is what really happened: the working days
    from the application to the last outcome, and the links, trips and materials of the guides for these items as one.
    """
    sums: dict[str, list[Effort]] = defaultdict(list)
    counts: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for (theme, items, digest, days), count in _finished(since, until).items():
        catalogue = catalogue_of(digest)
        labels[theme] = catalogue.theme(theme).label
        saving = saving_of(catalogue.theme(theme), catalogue, items)
        together = Effort(saving.together.links, days, saving.together.trips, saving.together.materials)
        sums[theme] += [_times(saving.alone, count), _times(together, count)]
        counts[theme] += count
    found = [
        ThemeSaving(theme, labels[theme], counts[theme], Saving(_sum(parts[0::2]), _sum(parts[1::2])))
        for theme, parts in sums.items()
    ]
    return sorted(found, key=lambda each: (-each.saving.saved.days, each.theme))


def sum_savings(savings: Iterable[ThemeSaving]) -> ThemeSaving:
    """All themes as one line."""
    each = list(savings)
    saving = Saving(_sum(one.saving.alone for one in each), _sum(one.saving.together for one in each))
    return ThemeSaving("", "", sum(one.finished for one in each), saving)


def _finished(since: datetime, until: datetime) -> Counter[_Done]:
    works = _WorkingDays()
    found: Counter[_Done] = Counter()
    for batch in _batches(finished_parents("theme", "done", "approved", since, until)):
        asked = Application.objects.in_bulk([child for parent in batch for child in parent.children])
        for parent in batch:
            rows = [asked[child] for child in parent.children if child in asked]
            if rows:
                items = frozenset(row.item for row in rows)
                days = works.between(_day(parent.opened_at), _day(parent.closed_at))
                found[rows[0].theme, items, rows[0].catalogue, days] += 1
    return found


def _batches(parents: Iterable[FinishedParent]) -> Iterator[list[FinishedParent]]:
    each = iter(parents)
    while batch := list(islice(each, _AT_ONCE)):
        yield batch


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()


class _WorkingDays:
    """Working days from one day to another: none within a day, one to the next working day."""

    def __init__(self) -> None:
        self._calendar = calendars().get(_CALENDAR)
        self._known: dict[date, bool] = {}

    def between(self, opened: date, closed: date) -> int:
        days = (closed - opened).days
        return sum(self._works(opened + _DAY * number) for number in range(1, days + 1))

    def _works(self, day: date) -> bool:
        if day not in self._known:
            start = datetime.combine(day, time.min, CHINA)
            self._known[day] = self._calendar is None or self._calendar.seconds_between(start, start + _DAY) > 0
        return self._known[day]


def _times(effort: Effort, count: int) -> Effort:
    return Effort(*(part * count for part in astuple(effort)))


def _sum(efforts: Iterable[Effort]) -> Effort:
    total = Effort(0, 0, 0, 0)
    for effort in efforts:
        total = Effort(*(a + b for a, b in zip(astuple(total), astuple(effort), strict=True)))
    return total
