"""Pages of cases by keyset: each next page is found by an index, however far it is; nothing is counted or skipped."""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, DateTimeField, F, Func, Q, QuerySet, UUIDField, Value

from zhicheng.core.cases.models import Case
from zhicheng.core.cases.values import CaseFilter, CasePage, CaseRow
from zhicheng.kit.clock import parse_instant
from zhicheng.kit.errors import ErrorKind, ZhichengError

PAGE = 50
_YES, _BARE = BooleanField(), "(%(expressions)s)"
_STORED = {
    "unit": "unit_id",
    "assignee": "assignee_id",
    "requester": "requester_id",
    "creator": "creator_id",
    "parent": "parent_id",
}


class CursorInvalid(ZhichengError):
    """A page cursor that this list did not make."""

    code = "cases.cursor_invalid"
    kind = ErrorKind.INVALID
    message = "翻页位置无效，请回到第一页。"


@dataclass(frozen=True)
class _Stretch:
    """A part of an order that one index has: which cases, by what, which way."""

    name: str
    field: str
    backwards: bool
    condition: Q

    def rows(self, cases: QuerySet[Case], after: "_Place | None", limit: int) -> list[Case]:
        """The next rows behind a place."""
        sign, way = ("-", " < ") if self.backwards else ("", " > ")
        found = cases.filter(self.condition).order_by(f"{sign}{self.field}", f"{sign}id")
        if after is not None:
            here = Func(F(self.field), F("id"), template=_BARE, output_field=_YES)
            there = Func(
                Value(after.at, DateTimeField()), Value(after.id, UUIDField()), template=_BARE, output_field=_YES
            )
            found = found.filter(Func(here, there, arg_joiner=way, template=_BARE, output_field=_YES))
        return list(found[:limit])

    def key(self, case: Case) -> tuple[datetime, UUID]:
        """What this stretch sorts by."""
        return getattr(case, self.field), case.pk


@dataclass(frozen=True)
class _Place:
    """The last row of a page: in which stretch, and its key there."""

    stretch: str
    at: datetime
    id: UUID


_NEWEST = (_Stretch("newest", "opened_at", True, Q()),)
# Open cases have a due time and come first; the rest, closed cases above all, has none and follows newest first.
_DUE = (
    _Stretch("due", "due_at", False, Q(due_at__isnull=False)),
    _Stretch("rest", "opened_at", True, Q(due_at__isnull=True)),
)


def read_page(parts: Sequence[QuerySet[Case]], wanted: CaseFilter, *, after: str, limit: int) -> CasePage:
    """One page of the union of some sets of cases, in the order that the filter asks for.

    Raises:
        CursorInvalid: `after` was not made by this list.
    """
    stretches = _NEWEST if wanted.order == "newest" or wanted.done_only else _DUE
    place = _read_cursor(after, stretches) if after else None
    found: list[tuple[_Stretch, Case]] = []
    for stretch in stretches[_first(stretches, place) :]:
        start = place if place is not None and place.stretch == stretch.name else None
        missing = limit + 1 - len(found)
        if missing > 0:
            found += [(stretch, case) for case in _merged(stretch, parts, start, missing)]
    page = [row_of(case) for _, case in found[:limit]]
    return CasePage(page, _cursor(*found[limit - 1]) if len(found) > limit else "")


def row_of(case: Case) -> CaseRow:
    """A model row as a typed value."""
    return CaseRow(**{field.name: getattr(case, _STORED.get(field.name, field.name)) for field in fields(CaseRow)})


def _merged(stretch: _Stretch, parts: Iterable[QuerySet[Case]], after: _Place | None, limit: int) -> list[Case]:
    """The first rows of several sets that may overlap."""
    cases = {case.pk: case for part in parts for case in stretch.rows(part, after, limit)}
    return sorted(cases.values(), key=stretch.key, reverse=stretch.backwards)[:limit]


def _first(stretches: Sequence[_Stretch], place: _Place | None) -> int:
    return [stretch.name for stretch in stretches].index(place.stretch) if place else 0


def _cursor(stretch: _Stretch, case: Case) -> str:
    at, last = stretch.key(case)
    return base64.urlsafe_b64encode(json.dumps([stretch.name, at.isoformat(), str(last)]).encode()).decode().rstrip("=")


def _read_cursor(text: str, stretches: Sequence[_Stretch]) -> _Place:
    try:
        name, at, last = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        place = _Place(name, parse_instant(at), UUID(last))
    except (ValueError, TypeError, AttributeError):
        raise CursorInvalid() from None
    if place.stretch not in {stretch.name for stretch in stretches}:
        raise CursorInvalid()
    return place
