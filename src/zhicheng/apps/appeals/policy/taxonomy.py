"""The tree of what people appeal about."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from zhicheng.apps.appeals.errors import ItemUnknown
from zhicheng.apps.appeals.values import Item


class Taxonomy:
    """All leaf items and the labels of the classes above them."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.labels: dict[str, str] = {row["code"]: row["label"] for row in rows}
        parents: dict[str, str] = {row["code"]: row["parent"] for row in rows}
        self._items = {row["code"]: _item(row, _path(row["code"], parents, self.labels)) for row in rows if row["leaf"]}
        self._children: dict[str, list[str]] = {}
        for code, parent in parents.items():
            self._children.setdefault(parent, []).append(code)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, code: object) -> bool:
        return code in self._items

    def get(self, code: str) -> Item:
        """One leaf.

        Raises:
            ItemUnknown: there is none.
        """
        if code not in self._items:
            raise ItemUnknown(item=code)
        return self._items[code]

    def label(self, code: str) -> str:
        """The label of a class or leaf; the code itself where it is not known any more."""
        return self.labels.get(code, code)

    def children(self, code: str) -> list[str]:
        """Codes directly below; an empty code gives the first level."""
        return list(self._children.get(code, ()))

    def search(self, words: str, limit: int = 20) -> list[Item]:
        """Leaves whose label, path or keywords contain the words, best first."""
        wanted = words.strip()
        if not wanted:
            return []
        ranked = [(rank, item) for item in self if (rank := _rank(item, wanted)) is not None]
        return [item for _, item in sorted(ranked, key=lambda pair: (pair[0], pair[1].code))[:limit]]


def _rank(item: Item, words: str) -> int | None:
    if words in item.label:
        return 0
    if any(words in keyword or keyword in words for keyword in item.keywords):
        return 1
    return 2 if any(words in part for part in item.path) else None


def _path(code: str, parents: Mapping[str, str], labels: Mapping[str, str]) -> tuple[str, ...]:
    path: list[str] = []
    while code:
        path.append(labels[code])
        code = parents.get(code, "")
    return tuple(reversed(path))


def _item(row: Mapping[str, Any], path: tuple[str, ...]) -> Item:
    return Item(
        code=row["code"],
        label=row["label"],
        path=path,
        keywords=tuple(row["keywords"]),
        urgent=row["urgent"],
        limit_days=row["limit_days"],
        limit_source=row["limit_source"],
        responsible=row["responsible"],
        assist=row["assist"],
    )
