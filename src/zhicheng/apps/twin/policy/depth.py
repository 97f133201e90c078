"""How deeply an application uses the twin: 100 points from the meters of 30 days, each part explained.

Declared layers do not count: only what was called. The parts and their weights are ours; nothing official prescribes
them.
"""

import math

from zhicheng.apps.twin.values.applications import Depth, DepthPart, DepthScore, Use
from zhicheng.apps.twin.values.services import Service

DAYS = 30
_LAYERS, _SERVICES, _DAYS, _CALLS, _LINKED = 25, 15, 25, 20, 15
_MANY_LAYERS = 8
_MANY_CALLS = 100_000
_ENTITIES = frozenset({"parcel", "building", "unit", "address", "grid"})
_DEEP_FROM, _MEDIUM_FROM = 70, 40


def score_of(use: Use) -> DepthScore:
    """The score of an application.

    >>> score_of(Use()).depth
    <Depth.NONE: 'none'>
    """
    layers, services = len(use.by_layer), len(use.by_service)
    linked = len(_ENTITIES & use.by_layer.keys())
    parts = (
        _part("用到的图层", f"{layers} 个", layers / _MANY_LAYERS, _LAYERS),
        _part("用到的服务种类", f"{services} 种", services / len(Service), _SERVICES),
        _part("近 30 天使用的天数", f"{use.active_days} 天", use.active_days / DAYS, _DAYS),
        _part("近 30 天调用次数", f"{use.calls:,} 次", math.log1p(use.calls) / math.log1p(_MANY_CALLS), _CALLS),
        _part("关联的实体图层（地块、楼栋、房屋、地址、网格）", f"{linked} 个", linked / len(_ENTITIES), _LINKED),
    )
    points = sum(part.points for part in parts)
    return DepthScore(points, _depth(points), parts)


def _part(label: str, words: str, share: float, most: int) -> DepthPart:
    return DepthPart(label, words, round(min(1.0, share) * most), most)


def _depth(points: int) -> Depth:
    if points == 0:
        return Depth.NONE
    if points >= _DEEP_FROM:
        return Depth.DEEP
    return Depth.MEDIUM if points >= _MEDIUM_FROM else Depth.SHALLOW
