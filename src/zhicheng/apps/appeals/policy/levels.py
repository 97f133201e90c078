"""Service levels from counts: what a share is, and when there is none."""

from collections.abc import Mapping, Sequence

from zhicheng.apps.appeals.values import LevelSpec, ServiceLevel


def compute_levels(specs: Sequence[LevelSpec], counts: Mapping[str, tuple[int, int]]) -> list[ServiceLevel]:
    """Each level from (good, all); nothing counted gives no value rather than 0 or 100 %."""
    levels = []
    for spec in specs:
        good, total = counts.get(spec.code, (0, 0))
        value = good / total if total else None
        levels.append(
            ServiceLevel(
                spec.code, spec.label, spec.target, spec.direction, value, total, spec.explanation, spec.source
            )
        )
    return levels
