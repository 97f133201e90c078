"""The responsibility list (职责清单): who leads for an item in an area. The most specific line wins."""

from collections.abc import Sequence

from zhicheng.apps.appeals.values import Item, Responsibility


class ResponsibilityList:
    """Exceptions by area on top of each item's own rule."""

    def __init__(self, lines: Sequence[Responsibility]) -> None:
        self._lines: dict[tuple[str, str], Responsibility] = {(line.area or "*", line.item): line for line in lines}

    def find(self, item: Item, areas: Sequence[str]) -> Responsibility:
        """The line for an item at a place; `areas` run from the finest division to the city.

        A nearer area beats a wider one; within an area the exact item beats a longer prefix, that a shorter one.
        Without any line the item's own rule holds.
        """
        patterns = [item.code, *_prefixes(item.code)]
        for area in (*areas, "*"):
            for pattern in patterns:
                if line := self._lines.get((area, pattern)):
                    return line
        return Responsibility(item.code, "*", item.responsible, item.assist)


def _prefixes(code: str) -> list[str]:
    parts = code.split(".")
    return [".".join(parts[:size]) + ".*" for size in range(len(parts) - 1, 0, -1)]
