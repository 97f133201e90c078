"""What the system makes of an appeal's words and place."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db.models import Count

from zhicheng.apps.appeals.models import Support
from zhicheng.apps.appeals.policy import Question, Taxonomy, decide, suggested_assist
from zhicheng.apps.appeals.queries.directory import get_directory, get_taxonomy
from zhicheng.apps.appeals.values import AlikeAppeal, AppealDraft, Candidate, Routing, Understood
from zhicheng.core.cases.public import process_of, similar_cases
from zhicheng.core.cases.values import CaseRow
from zhicheng.core.knowledge.public import Classification, classify
from zhicheng.core.places.public import (
    describe_divisions,
    division_path,
    locate_address,
    locate_point,
    neighbourhood,
    place_levels,
)
from zhicheng.core.places.values import Location, Point
from zhicheng.engines.text.similarity import fingerprint, likeness

CLASSIFIER = "appeals"
_ALIKE_RADIUS_M = 300.0
# Where other people's appeals are is told in steps: positions are moved to a lattice before distances are taken, so
# that asking from many points around finds the lattice point and not the door.
_STEP_M = 50
_METRES_A_DEGREE = 111_195.0


def locate(draft: AppealDraft) -> Location | None:
    """Where an appeal is: its point, else its address words, else places named in the text; None when unknown.

    Raises:
        InvalidCoordinates, CoordinatesSwapped, PointOutsideCity: the point cannot be in the city.
    """
    if draft.longitude is not None and draft.latitude is not None:
        return locate_point(draft.longitude, draft.latitude, crs=draft.crs)
    if draft.address and (found := locate_address(draft.address)) is not None:
        return found
    return locate_address(draft.text[:500])


def candidates_of(text: str) -> tuple[tuple[Candidate, ...], str]:
    """Three likely items with calibrated probabilities, and the model that says so."""
    found: Classification = classify(CLASSIFIER, text, top=3)
    taxonomy = get_taxonomy()
    listed = tuple(Candidate(code, taxonomy.label(code), round(share, 4)) for code, share in found.candidates)
    return listed, found.model


def route(candidates: tuple[Candidate, ...], location: Location | None, *, confirmed_item: str = "") -> Routing:
    """The dispatch decision for candidates at a place.

    Raises:
        ItemUnknown: the confirmed item does not exist.
    """
    return decide(Question(candidates, levels_of(location), confirmed_item=confirmed_item), get_directory())


def levels_of(location: Location | None) -> list[tuple[str, str]]:
    """The divisions of a place with their levels, from the finest."""
    return place_levels(location.divisions) if location else []


def understand(draft: AppealDraft) -> Understood:
    """Everything that would be decided if the draft were sent now; writes nothing.

    Raises:
        InvalidCoordinates, CoordinatesSwapped, PointOutsideCity: the point cannot be in the city.
        ItemUnknown: the confirmed item does not exist.
    """
    location = locate(draft)
    candidates, _ = candidates_of(draft.text)
    routing = route(candidates, location, confirmed_item=draft.confirmed_item)
    unit = get_directory().tree.get(routing.unit)
    place = describe_divisions(location.divisions) if location else ""
    return Understood(candidates, location, place, routing, unit.name, bool(routing.state))


def find_alike(draft: AppealDraft, limit: int = 5) -> list[AlikeAppeal]:
    """Open appeals of the likeliest items within 300 m, the most alike first; shows nothing personal.

    Raises:
        InvalidCoordinates, CoordinatesSwapped, PointOutsideCity: the point cannot be in the city.
    """
    location = locate(draft)
    if location is None or location.point is None:
        return []
    box = neighbourhood(location.point, _ALIKE_RADIUS_M + _STEP_M)
    candidates, _ = candidates_of(draft.text)
    codes = [draft.confirmed_item] if draft.confirmed_item else [candidate.code for candidate in candidates]
    rows = [row for code in codes for row in similar_cases(code, box)]
    taxonomy = get_taxonomy()
    asked = [(row, _told_distance_m(row, location.point)) for row in rows]
    found = [_alike(row, draft.text, away_m, taxonomy) for row, away_m in asked if away_m <= _ALIKE_RADIUS_M]
    nearest = sorted(found, key=lambda alike: (-alike.likeness, alike.distance_m))[:limit]
    supporters = count_supporters([alike.case_id for alike in nearest])
    return [replace(alike, supporters=supporters[alike.case_id]) for alike in nearest]


def count_supporters(case_ids: Sequence[UUID]) -> "Counter[UUID]":
    """How many have joined each of some appeals, in one round trip."""
    rows = Support.objects.filter(appeal_id__in=case_ids).values_list("appeal_id").annotate(Count("pk"))
    return Counter(dict(rows))


def _alike(row: CaseRow, text: str, away_m: int, taxonomy: Taxonomy) -> AlikeAppeal:
    return AlikeAppeal(
        case_id=row.id,
        number=row.number,
        item_label=taxonomy.label(row.category),
        place=describe_divisions([row.division]) if row.division else "",
        opened_at=row.opened_at,
        state_label=process_of(row.definition).states[row.state].public,
        supporters=0,
        distance_m=away_m,
        likeness=likeness(fingerprint(row.title), fingerprint(text)),
    )


def _told_distance_m(row: CaseRow, point: Point) -> int:
    """How far a case is from a point, as anyone may know it: in steps of 50 m, at least one."""
    if row.longitude is None or row.latitude is None:
        return 1_000_000
    narrow = math.cos(math.radians(round(row.latitude, 1)))
    east = _on_lattice(row.longitude * narrow) - point.longitude * narrow * _METRES_A_DEGREE
    north = _on_lattice(row.latitude) - point.latitude * _METRES_A_DEGREE
    return max(1, math.ceil(math.hypot(east, north) / _STEP_M)) * _STEP_M


def _on_lattice(degrees: float) -> float:
    """Metres along an axis, at the middle of a step."""
    return (math.floor(degrees * _METRES_A_DEGREE / _STEP_M) + 0.5) * _STEP_M


def assist_unit_of(case: CaseRow) -> str:
    """The unit that the responsibility list names for assisting with a case's item at its place; empty for none."""
    directory = get_directory()
    if case.category not in directory.taxonomy or not case.division:
        return ""
    divisions = place_levels(division_path(case.division))
    return suggested_assist(directory.taxonomy.get(case.category), divisions, directory)


def alike_of(case: CaseRow, limit: int = 5) -> list[CaseRow]:
    """Open appeals of the same item near a case, the case itself left out."""
    if case.longitude is None or case.latitude is None or not case.category:
        return []
    box = neighbourhood(Point(case.longitude, case.latitude), _ALIKE_RADIUS_M)
    return [row for row in similar_cases(case.category, box) if row.id != case.id][:limit]
