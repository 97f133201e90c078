"""A simple, independent model of cases: tables written by hand, time counted minute by minute.

It shares no code with the engine: instants are whole minutes since 1970, working time is a sorted list of minutes.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

DAY = 1440
CHINA_OFFSET = 480
SPANS = ((9 * 60, 12 * 60), (14 * 60, 18 * 60))


def minute_of(instant: datetime) -> float:
    return instant.timestamp() / 60


def instant_of(minute: float) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


class MinuteCalendar:
    """Every working minute of a stretch of days, listed."""

    def __init__(self, exceptions: Mapping[date, bool], first: date, days: int) -> None:
        self.minutes: list[int] = []
        self.closes: dict[int, int] = {}
        for index in range(days):
            day = first + timedelta(days=index)
            if exceptions.get(day, day.weekday() < 5):
                number = (day - date(1970, 1, 1)).days
                for opens, shuts in SPANS:
                    self.minutes.extend(range(number * DAY + opens - CHINA_OFFSET, number * DAY + shuts - CHINA_OFFSET))
                self.closes[number] = self.minutes[-1] + 1

    def add(self, start: float, minutes: float) -> float:
        """The end of the last of so many working minutes."""
        return self.minutes[bisect_left(self.minutes, start) + int(minutes) - 1] + 1

    def between(self, start: float, end: float) -> int:
        return max(0, bisect_left(self.minutes, end) - bisect_left(self.minutes, start))

    def close_of(self, start: float, days: int) -> int:
        """When the n-th working day after the day of `start` closes."""
        today = int(start + CHINA_OFFSET) // DAY
        return self.closes[[day for day in self.closes if day > today][days - 1]]


class AllMinutes:
    """Round the clock."""

    def add(self, start: float, minutes: float) -> float:
        return start + minutes

    def between(self, start: float, end: float) -> float:
        return max(0, end - start)

    def close_of(self, start: float, days: int) -> float:
        return start + days * DAY


@dataclass
class ModelClock:
    """A budget of minutes: `used` until `since`, running from then on."""

    code: str
    round: int
    counted: MinuteCalendar | AllMinutes
    total: float
    since: float
    due: float
    shares: tuple[float, ...]
    used: float = 0
    state: str = "running"
    stage: int = 0
    begun: float = 0

    def used_at(self, now: float) -> float:
        if self.state != "running":
            return self.used
        return self.used + self.counted.between(self.since, min(now, self.due))

    def reached(self, share: float, now: float) -> bool:
        if share == 1:
            return now >= self.due
        if share > 1:
            late = self.counted.between(self.due, now)
            return now > self.due and late >= (share - 1) * self.total - 0.001
        return now >= self.due or self.used_at(now) >= share * self.total - 0.001

    def fire(self, now: float) -> tuple[float, int, bool] | None:
        """The last share passed, how many units above must know, whether it became overdue."""
        before = self.stage
        while self.state == "running" and self.stage < len(self.shares) and self.reached(self.shares[self.stage], now):
            self.stage += 1
        if self.stage == before:
            return None
        share = self.shares[self.stage - 1]
        level = sum(1 for known in self.shares[: self.stage] if known >= 1)
        return share, level, 1 in self.shares[before : self.stage]

    def pause(self, now: float) -> None:
        if self.state == "running":
            self.used, self.state = self.used_at(now), "paused"

    def resume(self, now: float) -> None:
        if self.state == "paused":
            self.state, self.since = "running", self.due
            if self.total > self.used:
                self.since = now
                self.due = self.counted.add(now, self.total - self.used)

    def extend(self, days: int, now: float) -> None:
        if self.state not in {"running", "paused"}:
            return
        used = self.used if self.state == "paused" else self.used_at(now)
        longer = self.counted.close_of(self.due, days)
        self.total += self.counted.between(self.due, longer)
        self.due = longer
        if self.state == "running" and now >= self.due:
            used = self.total
        elif self.state == "running":
            used = self.total - self.counted.between(now, self.due)
        ahead = [index for index, share in enumerate(self.shares) if share >= 1 or share * self.total > used + 0.001]
        self.stage = min([self.stage, *ahead])

    def end(self, state: str) -> None:
        if self.state in {"running", "paused"}:
            self.state = state


@dataclass
class Act:
    """One row of a table. `to` is a state or a function of the case; `check` says whether the input is right.

    `day` is an input that must be a day so many days ahead, at least and at most.
    """

    sources: set[str]
    who: set[str]
    to: "str | Callable[[ModelCase], str]" = "same"
    guard: "Callable[[ModelCase], bool]" = lambda case: True
    check: Callable[[Mapping], bool] = lambda given: True
    effect: "Callable[[ModelCase], None]" = lambda case: None
    day: tuple[str, int, int] | None = None


@dataclass
class Table:
    """A process by hand. `stages` and `then` of its clocks; `final` states."""

    first: str
    final: set[str]
    acts: dict[str, Act]
    stages: dict[str, tuple[float, ...]]
    begin: "Callable[[ModelCase], None]"
    then: dict[str, str] = field(default_factory=dict)


def midnight(day: str) -> int:
    """The minute at which a Chinese day begins."""
    return (date.fromisoformat(day) - date(1970, 1, 1)).days * DAY - CHINA_OFFSET


def is_ahead(wanted: tuple[str, int, int] | None, given: Mapping, now: float) -> bool:
    if wanted is None:
        return True
    name, low, high = wanted
    try:
        starts = midnight(given.get(name, ""))
    except ValueError:
        return False
    today = int(now + CHINA_OFFSET) // DAY * DAY - CHINA_OFFSET
    return low * DAY <= starts - today <= high * DAY


class Refused(Exception):
    """The model says no; the argument names the kind: unknown, forbidden, refused, fields."""


class ModelCase:
    """A case under the model."""

    def __init__(
        self, table: Table, working: MinuteCalendar, unit: str, facts: dict, now: float, state: str = ""
    ) -> None:
        self.table, self.working = table, working
        self.state, self.unit, self.facts = state or table.first, unit, dict(facts)
        self.clocks: list[ModelClock] = []
        self.now, self.given, self.context = now, {}, {}
        self.opened: list[str] = []
        table.begin(self)

    @property
    def is_final(self) -> bool:
        return self.state in self.table.final

    def act(self, code: str, who: set[str], given: Mapping, context: Mapping, now: float) -> None:
        row = self.table.acts.get(code)
        if row is None:
            raise Refused("unknown")
        if not row.who & who:
            raise Refused("forbidden")
        if self.is_final or (self.state not in row.sources and "*" not in row.sources):
            raise Refused("refused")
        if not row.check(given) or not is_ahead(row.day, given, now):
            raise Refused("fields")
        self.now, self.given, self.context, self.opened = now, given, context, []
        if not row.guard(self):
            raise Refused("refused")
        row.effect(self)
        target = row.to if isinstance(row.to, str) else row.to(self)
        self.state = self.state if target == "same" else target
        if self.is_final:
            self.end("cancelled")

    def move(self, unit: str | None) -> None:
        if not unit:
            raise Refused("refused")
        self.unit = unit

    def start(self, code: str, limit: Mapping, *, from_first: bool = False) -> None:
        if "until" in limit and midnight(limit["until"]) <= self.now:
            raise Refused("refused")
        self.end("cancelled", code)
        firsts = [clock.begun for clock in self.clocks if clock.code == code]
        begun = min(firsts) if from_first and firsts else self.now
        calendar = limit.get("calendar", "working" if "working_days" in limit else "always")
        counted = self.working if calendar == "working" else AllMinutes()
        if "working_days" in limit:
            due = counted.close_of(begun, limit["working_days"])
        elif "until" in limit:
            due = midnight(limit["until"])
        else:
            sizes = {"minutes": 1, "hours": 60, "days": DAY}
            due = counted.add(begun, sum(limit[unit] * size for unit, size in sizes.items() if unit in limit))
        number = sum(1 for clock in self.clocks if clock.code == code) + 1
        total = counted.between(begun, due)
        self.clocks.append(ModelClock(code, number, counted, total, begun, due, self.table.stages[code], begun=begun))

    def end(self, state: str, code: str = "*") -> None:
        for clock in self.clocks:
            if code in {"*", clock.code}:
                clock.end(state)

    def each(self, code: str, step: Callable[[ModelClock], None]) -> None:
        for clock in self.clocks:
            if clock.code == code:
                step(clock)
