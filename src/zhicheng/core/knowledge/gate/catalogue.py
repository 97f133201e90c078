"""Which documents an index holds, each with a number, and what a search may filter by: small, kept in memory.

A document keeps its number while it changes. Of documents whose codes differ only after `@`, one stops being current
the day before the next one begins.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from zhicheng.core.knowledge.gate.reading import Prepared, places_of
from zhicheng.core.knowledge.policy import is_region_within
from zhicheng.core.knowledge.values import SearchQuery

_GLANCE = 400  # characters
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
    places: str
    characters: int


class Catalogue:
    """Documents by code. Never changed: `changed` makes a new one."""

    def __init__(self, lines: dict[str, Line], next_number: int) -> None:
        self.lines = lines
        self._next = next_number
        self.by_number = {line.number: line for line in lines.values()}
        self.codes = {line.number: code for code, line in lines.items()}
        self._kinds = _Column(lines, next_number, "kind")
        self._regions = _Column(lines, next_number, "region")
        self._audiences = _Column(lines, next_number, "audience")
        self._since = np.full(next_number, _LAST + 1, np.int32)
        self._until = np.zeros(next_number, np.int32)
        for line in lines.values():
            self._since[line.number] = line.since
        for code, until in _last_days(lines).items():
            self._until[lines[code].number] = until

    def changed(self, documents: Iterable[Prepared], removed: Iterable[str]) -> "Catalogue":
        """With `documents` added or replaced and `removed` ones left out."""
        lines, number = dict(self.lines), self._next
        for code in removed:
            lines.pop(code, None)
        for prepared in documents:
            code = prepared.document.code
            known = lines.get(code)
            lines[code] = _line(prepared, number if known is None else known.number)
            number += known is None
        return Catalogue(lines, number)

    @cached_property
    def short_kinds(self) -> frozenset[str]:
        """Kinds whose documents a person reads at one glance, as everyday questions are, going by their mean."""
        characters: dict[str, list[int]] = {}
        for line in self.lines.values():
            characters.setdefault(line.kind, []).append(line.characters)
        return frozenset(kind for kind, found in characters.items() if sum(found) / len(found) <= _GLANCE)

    @property
    def size(self) -> int:
        """All numbers that were ever given are below it."""
        return self._next

    def allowed(self, query: SearchQuery) -> npt.NDArray[np.bool_]:
        """Whether the document of each number may answer: in force on the day, of this place, for this audience."""
        day = query.on.toordinal()
        found: npt.NDArray[np.bool_] = (self._since <= day) & (day <= self._until)
        if query.region:
            found &= self._regions.where(lambda region: not region or is_region_within(query.region, region))
        if query.audience:
            found &= self._audiences.where(lambda audience: not audience or query.audience in audience.split(","))
        return found

    def of_kinds(self, kinds: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Whether the document of each number is of one of these kinds; all are, where none is named."""
        return self._kinds.where(lambda kind: not kinds or kind in kinds)

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


def _line(prepared: Prepared, number: int) -> Line:
    document = prepared.document
    return Line(
        number=number,
        kind=document.kind,
        region=document.region,
        audience=",".join(document.audience),
        since=document.valid_from.toordinal() if document.valid_from else _FIRST,
        until=document.valid_until.toordinal() if document.valid_until else _LAST,
        passages=len(prepared.passages),
        wordings=len(prepared.wordings),
        places=",".join(places_of(prepared)),
        characters=prepared.characters,
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
