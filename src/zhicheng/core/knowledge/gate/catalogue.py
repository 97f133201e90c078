"""Which documents an index holds, each with a number, and what a search may filter by: small, kept in memory.

A document keeps its number while it changes. Of documents whose codes differ only after `@`, one stops being current
the day before the next one begins.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from zhicheng.core.knowledge.policy import is_region_within
from zhicheng.core.knowledge.values import DocumentText, SearchQuery

_FIRST, _LAST = 1, date.max.toordinal()


@dataclass(frozen=True)
class Line:
    """One document in the catalogue; days are ordinals, `until` is the last day."""

    number: int
    kind: str
    region: str
    audience: str
    since: int
    until: int
    passages: int
    wordings: int


class Catalogue:
    """Documents by code. Never changed: `changed` makes a new one."""

    def __init__(self, lines: dict[str, Line], next_number: int) -> None:
        self.lines = lines
        self._next = next_number
        self.codes = {line.number: code for code, line in lines.items()}
        self._regions = _Column(lines, next_number, "region")
        self._audiences = _Column(lines, next_number, "audience")
        self._since = np.full(next_number, _LAST + 1, np.int32)
        self._until = np.zeros(next_number, np.int32)
        for line in lines.values():
            self._since[line.number] = line.since
        for code, until in _last_days(lines).items():
            self._until[lines[code].number] = until

    def changed(self, documents: Iterable[tuple[DocumentText, int]], removed: Iterable[str]) -> "Catalogue":
        """With `documents`, each with the count of its passages, added or replaced, and `removed` ones left out."""
        lines, number = dict(self.lines), self._next
        for code in removed:
            lines.pop(code, None)
        for document, passages in documents:
            known = lines.get(document.code)
            lines[document.code] = _line(document, passages, number if known is None else known.number)
            number += known is None
        return Catalogue(lines, number)

    def allowed(self, query: SearchQuery) -> npt.NDArray[np.bool_]:
        """Whether the document of each number may answer: in force on the day, of this place, for this audience."""
        day = query.on.toordinal()
        found: npt.NDArray[np.bool_] = (self._since <= day) & (day <= self._until)
        if query.region:
            found &= self._regions.where(lambda region: not region or is_region_within(query.region, region))
        if query.audience:
            found &= self._audiences.where(lambda audience: not audience or query.audience in audience.split(","))
        return found

    def to_json(self) -> str:
        """As text, for `from_json`."""
        rows = [[code, *(getattr(line, name) for name in _NAMES)] for code, line in self.lines.items()]
        return json.dumps({"next": self._next, "rows": rows}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Catalogue":
        """What `to_json` wrote."""
        value = json.loads(text)
        return cls({row[0]: Line(*row[1:]) for row in value["rows"]}, int(value["next"]))


class _Column:
    """The values of one field by document number, few different ones."""

    def __init__(self, lines: dict[str, Line], size: int, name: str) -> None:
        self._values: dict[str, int] = {}
        self._of = np.zeros(size, np.int32)
        for line in lines.values():
            self._of[line.number] = self._values.setdefault(getattr(line, name), len(self._values))

    def where(self, accept: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
        accepted = np.array([accept(value) for value in self._values] or [False])
        found: npt.NDArray[np.bool_] = accepted[self._of]
        return found


def _line(document: DocumentText, passages: int, number: int) -> Line:
    return Line(
        number=number,
        kind=document.kind,
        region=document.region,
        audience=",".join(document.audience),
        since=document.valid_from.toordinal() if document.valid_from else _FIRST,
        until=document.valid_until.toordinal() if document.valid_until else _LAST,
        passages=passages,
        wordings=1 + len(document.also),
    )


def _last_days(lines: dict[str, Line]) -> dict[str, int]:
    """The last day of each document, also where a later version takes its place."""
    until = {code: line.until for code, line in lines.items()}
    versions: dict[str, list[str]] = {}
    for code in lines:
        base, mark, _ = code.partition("@")
        if mark:
            versions.setdefault(base, []).append(code)
    for codes in versions.values():
        codes.sort(key=lambda code: (lines[code].since, code))
        for earlier, later in pairwise(codes):
            until[earlier] = min(until[earlier], lines[later].since - 1)
    return until


_NAMES = tuple(Line.__dataclass_fields__)
EMPTY = Catalogue({}, 0)
