"""Who may see a layer, and how often they may ask."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from zhicheng.apps.twin.values.services import Caller, CallerKind, Quota
from zhicheng.core.places.values import Layer
from zhicheng.kit.clock import CHINA

PUBLIC, SIGNED = "public", "signed"
ANONYMOUS_QUOTA = Quota(per_day=0, per_minute=3_000)
SESSION_QUOTA = Quota(per_day=0, per_minute=6_000)
KEY_QUOTA = Quota(per_day=1_000_000, per_minute=6_000)
MOST_QUOTA = 1_000_000_000


def may_see(layer: Layer, caller: Caller) -> bool:
    """Whether the layer's rule lets a caller see it."""
    if layer.access == PUBLIC:
        return True
    if caller.kind is CallerKind.ANONYMOUS:
        return False
    return layer.access == SIGNED or layer.access in caller.permissions


def default_quota(kind: CallerKind) -> Quota:
    """The quota where nothing else was agreed."""
    return {CallerKind.ANONYMOUS: ANONYMOUS_QUOTA, CallerKind.SESSION: SESSION_QUOTA, CallerKind.KEY: KEY_QUOTA}[kind]


def until_midnight_s(now: datetime) -> int:
    """Seconds to the next day in China."""
    local = now.astimezone(CHINA)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), CHINA)
    return int((midnight - local).total_seconds()) + 1


@dataclass
class Bucket:
    """Calls left within a minute: refills evenly, so that a short burst of a quarter of it passes at once."""

    left: float
    at_s: float

    def take(self, per_minute: int, at_s: float) -> float:
        """Take one call; 0 when there was one, else the seconds until there is."""
        room = max(1.0, per_minute / 4)
        self.left = min(room, self.left + (at_s - self.at_s) * per_minute / 60)
        self.at_s = at_s
        if self.left >= 1.0:
            self.left -= 1.0
            return 0.0
        return (1.0 - self.left) * 60 / per_minute
