"""Hit policies: what a decision table gives once it is known which rows match, which do not and which are unknown."""

from collections.abc import Callable, Sequence
from typing import Any

from zhicheng.engines.rules.nodes import Table
from zhicheng.engines.rules.reading import Failed

Part = Callable[[Any], Any]
Settle = Callable[[Any, list[Any]], Any]


def settling(table: Table, results: Sequence[Part], otherwise: Part | None) -> Settle:
    """The function for a table's policy.

    An unknown row makes the result unknown wherever it could have mattered: in `first` when it stands before the
    row that matches, in `unique` when no row matches, in `collect` always.
    """
    if table.policy == "unique":
        return _unique(table, results, otherwise)
    if table.policy == "first":
        return _first(results, otherwise)
    return _collect(table.policy, results, otherwise)


def _unique(table: Table, results: Sequence[Part], otherwise: Part | None) -> Settle:
    lines = [hit.line for hit in table.hits]

    def settle(trail: Any, matched: list[Any]) -> Any:
        rows = [index for index, match in enumerate(matched) if match]
        if len(rows) > 1:
            raise Failed(f"决策表第 {'、'.join(str(lines[row]) for row in rows)} 行同时命中")
        if rows:
            return results[rows[0]](trail)
        return None if None in matched else _fall_back(trail, otherwise)

    return settle


def _first(results: Sequence[Part], otherwise: Part | None) -> Settle:
    def settle(trail: Any, matched: list[Any]) -> Any:
        for match, result in zip(matched, results, strict=True):
            if match is None:
                return None
            if match:
                return result(trail)
        return _fall_back(trail, otherwise)

    return settle


def _collect(policy: str, results: Sequence[Part], otherwise: Part | None) -> Settle:
    gather: Callable[[list[Any]], Any] = max if policy == "collect_max" else sum
    empty = None if policy == "collect_max" else 0

    def settle(trail: Any, matched: list[Any]) -> Any:
        values = [result(trail) for match, result in zip(matched, results, strict=True) if match]
        if None in matched or None in values:
            return None
        if values:
            return gather(values)
        return _fall_back(trail, otherwise) if otherwise is not None or empty is None else empty

    return settle


def _fall_back(trail: Any, otherwise: Part | None) -> Any:
    if otherwise is None:
        raise Failed("决策表没有一行符合")
    return otherwise(trail)
