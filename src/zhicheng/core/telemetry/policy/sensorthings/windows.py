"""What a filter on observations says about time and about datastreams, so that only those are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zhicheng.core.telemetry.errors import FilterUnreadable
from zhicheng.core.telemetry.policy.sensorthings.filters import (
    COMPARISONS,
    Binary,
    Literal,
    Node,
    Order,
    Path,
    all_of,
    conjuncts,
    paths_in,
)
from zhicheng.core.telemetry.values import to_us

_TURNED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge", "eq": "eq"}
EARLIEST_US, LATEST_US = 0, 253_402_300_799_000_000
_LINKED = frozenset({"Datastream", "FeatureOfInterest"})


@dataclass(frozen=True)
class Window:
    """A filter taken apart: from `since_us` to `until_us`, both included; conditions by what they are about."""

    since_us: int
    until_us: int
    datastream: tuple[Node, ...]
    feature: tuple[Node, ...]
    rest: Node | None


def window_of(node: Node | None) -> Window:
    """Take a filter apart.

    Raises:
        FilterUnreadable: a condition mixes the observation with what it is linked to.
    """
    since, until = EARLIEST_US, LATEST_US
    groups: dict[str, list[Node]] = {"": [], "Datastream": [], "FeatureOfInterest": []}
    for part in conjuncts(node):
        firsts = {path.parts[0] if path.parts[0] in _LINKED else "" for path in paths_in(part)} or {""}
        if len(firsts) > 1:
            raise FilterUnreadable(at=1, problem="观测值的条件和关联实体的条件要用 and 分开写")
        groups[firsts.pop()].append(part)
        low, high = _bounds(part)
        since, until = max(since, low), min(until, high)
    return Window(since, until, tuple(groups["Datastream"]), tuple(groups["FeatureOfInterest"]), all_of(groups[""]))


def _bounds(part: Node) -> tuple[int, int]:
    """What a comparison of phenomenonTime allows; the comparison itself is still checked row by row."""
    if not isinstance(part, Binary) or part.operator not in COMPARISONS - {"ne"}:
        return EARLIEST_US, LATEST_US
    left, right, operator = part.left, part.right, part.operator
    if isinstance(left, Literal):
        left, right, operator = right, left, _TURNED[operator]
    if not isinstance(left, Path) or left.parts != ("phenomenonTime",) or not isinstance(right, Literal):
        return EARLIEST_US, LATEST_US
    if not isinstance(right.value, datetime):
        return EARLIEST_US, LATEST_US
    at = to_us(right.value)
    # an interval begins before it ends: what ends before `at` begins before it, too
    low = at if operator in {"gt", "ge", "eq"} else EARLIEST_US
    high = at if operator in {"lt", "le", "eq"} else LATEST_US
    return low, high


def by_time(order: Sequence[Order]) -> bool | None:
    """Whether a list is ordered by phenomenonTime: True is newest first, False oldest first, None is another order."""
    if not order:
        return False
    first = order[0].node
    if isinstance(first, Path) and first.parts == ("phenomenonTime",):
        return order[0].descending
    return None
