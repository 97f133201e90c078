"""Typed values of the simulator; free of Django, so that they travel between processes."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from zhicheng.kit.clock import CHINA


@dataclass(frozen=True)
class DayOrder:
    """Which day to simulate. `shard` of `shards` simulates every so manieth appeal."""

    appeals: int
    seed: int
    day: date
    shard: int = 0
    shards: int = 1

    @property
    def starts_at(self) -> datetime:
        """Midnight in the city."""
        return datetime.combine(self.day, time(), CHINA)

    @property
    def ends_at(self) -> datetime:
        """When the simulation stops looking: the longest limit and the time to rate have passed by then."""
        return self.starts_at + timedelta(days=30)


@dataclass(frozen=True)
class ShardReport:
    """What one shard did. `firings` counts cases touched by due clocks."""

    appeals: int
    acts: int
    firings: int
    events: int
