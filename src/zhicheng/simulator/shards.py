"""Running a day in several processes that keep their simulated clocks together."""

import math
from datetime import UTC, datetime, timedelta
from typing import Protocol

from zhicheng.core.cases.public import fire_due_clocks, next_firing_at
from zhicheng.core.ledger.public import relay_outbox, seal
from zhicheng.simulator.day import Day, Passers
from zhicheng.simulator.demo import present_town
from zhicheng.simulator.running import Story
from zhicheng.simulator.values import DayOrder, ShardReport

_WINDOW = timedelta(minutes=1)  # while the ten-minute clocks run
_LATER_WINDOW = timedelta(minutes=10)
_BATCH = 500
_SEAL_EVERY = 10


class Meeting(Protocol):
    """Where shards wait for each other."""

    def earliest(self, mine_s: float) -> float:
        """Wait for all; the least of what they said."""
        ...

    def meet(self) -> None:
        """Wait for all."""
        ...


def run_shard(order: DayOrder, meeting: Meeting) -> ShardReport:
    """Simulate a shard of a day and what follows from it, in step with the others.

    In each window of simulated time everybody acts first; then, when all shards have, due clocks are fired and
    events handed over, by all shards at once: they take turns as the city's workers do.
    """
    until = order.ends_at
    story = Story(Passers(), until)
    for arrival in Day(order, present_town()).arrivals():
        story.add(arrival)
    firings = events = windows = 0
    while (at := _next_window(order, story, meeting)) is not None and at <= until:
        at += _WINDOW if at < order.starts_at + timedelta(days=1, hours=1) else _LATER_WINDOW
        story.happen_until(at)
        meeting.meet()
        firings += _fire(at)
        events += _relay(at)
        windows += 1
        if order.shard == 0 and windows % _SEAL_EVERY == 0:
            seal(now=at)
    return ShardReport(story.appeals, story.acts, firings, events)


def _next_window(order: DayOrder, story: Story, meeting: Meeting) -> datetime | None:
    mine = [at.timestamp() for at in (story.next_at, next_firing_at() if order.shard == 0 else None) if at is not None]
    at_s = meeting.earliest(min(mine, default=math.inf))
    return None if math.isinf(at_s) else datetime.fromtimestamp(at_s, UTC)


def _fire(at: datetime) -> int:
    fired = done = fire_due_clocks(at, _BATCH)
    while done:
        done = fire_due_clocks(at, _BATCH)
        fired += done
    return fired


def _relay(at: datetime) -> int:
    told = done = relay_outbox(now=at, limit=_BATCH)
    while done:
        done = relay_outbox(now=at, limit=_BATCH)
        told += done
    return told
