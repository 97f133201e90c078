"""The order of matches: what fits, then what is nearest to fitting."""

from collections.abc import Iterable

from zhicheng.apps.policies.values import Match

_ORDER = {"yes": 0, "unknown": 1, "no": 2, "failed": 3, "not_yet": 4}


def rank_matches(matches: Iterable[Match]) -> list[Match]:
    """Fitting ones first; then those that lack the fewest answers; then those that fail the fewest conditions."""
    return sorted(matches, key=lambda match: (_ORDER[match.outcome], len(match.unmet), len(match.missing)))
