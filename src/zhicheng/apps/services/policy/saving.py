"""What doing several things as one saves, computed from their definitions and from nothing else.

Each item alone at its window: its own links, its promised working days one after the other, a trip to apply and
another to fetch what is not ready at once, every required material.
As one: one link to apply and one for each stage of departments that work side by side; the longest chain of days,
where an item that rules decide takes none; only the trips that the guides still ask for, on one and the same way; each
material once, and none that the city issued itself.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from zhicheng.apps.services.policy.catalogue import Catalogue
from zhicheng.apps.services.values import Effort, Saving, ServiceItem, Theme


def saving_of(theme: Theme, catalogue: Catalogue, chosen: frozenset[str] | None = None) -> Saving:
    """The saving of a theme, for all its items or for those chosen."""
    steps = [step for step in theme.steps if chosen is None or step.item in chosen]
    items = [catalogue.items[step.item] for step in steps]
    after = {step.item: [code for code in step.after if any(code == other.item for other in steps)] for step in steps}
    alone = Effort(
        links=sum(item.links for item in items),
        days=sum(item.promised_working_days for item in items),
        trips=sum(_trips(item) for item in items),
        materials=sum(len(_required(item)) for item in items),
    )
    stages = _longest(after, dict.fromkeys(after, 1))
    handed_in = sorted({code for item in items for code in _required(item)} - _held(catalogue))
    together = Effort(
        links=min(alone.links, 1 + stages),
        days=_longest(after, {item.code: 0 if item.decide else item.promised_working_days for item in items}),
        trips=max((item.trips for item in items), default=0),
        materials=len(handed_in),
    )
    return Saving(alone, together, _reasons(items, stages, together))


def _presence(trips: int) -> str:
    return f"只到现场 {trips} 次" if trips else "不用跑"


def _trips(item: ServiceItem) -> int:
    """Trips to the window: one to apply, one more where the result takes days; more only where the guide says so."""
    if not item.windows:
        return item.trips
    return max(item.trips, 2 if item.promised_working_days else 1)


def _required(item: ServiceItem) -> list[str]:
    return [need.code for need in item.materials if need.required]


def _held(catalogue: Catalogue) -> set[str]:
    return {code for code, material in catalogue.materials.items() if material.licence}


def _longest(after: Mapping[str, Sequence[str]], weight: Mapping[str, int]) -> int:
    """The heaviest chain of an acyclic order (the pack's check refuses cycles)."""

    @cache
    def upto(code: str) -> int:
        return weight[code] + max((upto(earlier) for earlier in after[code]), default=0)

    return max((upto(code) for code in after), default=0)


def _reasons(items: Sequence[ServiceItem], stages: int, together: Effort) -> list[str]:
    decided = [item.label for item in items if item.decide]
    links = sum(item.links for item in items)
    said = [
        f"环节：{len(items)} 个事项单独办理共 {links} 个；一起办是 1 次申请，部门并联分 {stages} 步办理",
        f"时间：单独办理逐项相加；一起办只算最长的一条线，共 {together.days} 个工作日",
        f"跑动：到窗口单独办，当场办结的跑 1 次，要等结果的跑 2 次；一起办的在网上申请，{_presence(together.trips)}",
    ]
    if decided:
        said.append(f"按规则即时审批、不占工作日：{'、'.join(decided)}")
    return [*said, "材料：同一份材料只交一次，政府已核发的证照不用交"]
