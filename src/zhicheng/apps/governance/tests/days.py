"""Days of 云溪镇 in which appeals come in and indicators are computed."""

from datetime import datetime

from zhicheng.apps.appeals.tests.town import NOW, WEST, sent
from zhicheng.apps.appeals.values import Submitted
from zhicheng.apps.governance.public import compute_next
from zhicheng.core.lake.public import project_changes
from zhicheng.core.ledger.public import relay_outbox

EAST_BRIDGE, WEST_RIDGE, TOWN_AREA = "990101001001", "990101001002", "990100"
TODAY = "2026-03-02"


def appeals(east: int = 0, west: int = 0, *, now: datetime = NOW) -> list[Submitted]:
    """Appeals at the east bridge and on the west ridge."""
    made = [sent(now=now) for _ in range(east)]
    return made + [sent(now=now, longitude=WEST[0], latitude=WEST[1]) for _ in range(west)]


def follow(now: datetime = NOW) -> int:
    """What the worker does until everything is counted; how many bases were computed."""
    relay_outbox(now=now)
    project_changes(now=now)
    rounds = 0
    while compute_next(now=now):
        rounds += 1
    return rounds
