"""Where a text says it is: by the building it means, where one is meant surely, else by the names of areas in it."""

from zhicheng.core.places.errors import DivisionNotFound
from zhicheng.core.places.policy.gazetteer import Match
from zhicheng.core.places.queries.addresses import find_address
from zhicheng.core.places.queries.known import get_known
from zhicheng.core.places.values import Location, Point
from zhicheng.engines.addresses.finding.finder import AddressMatch

_SURE = 0.8
_BESIDE = 0.9  # what is opposite a building need not lie in its grid
_MOST = 0.98
_VAGUE = 0.75


def locate_words(text: str) -> Location | None:
    """The best reading of an address or a message, with a confidence below 1; `None` where nothing is named.

    A building counts only where it lies in the area that the text names as well.

    Raises:
        PlacesNotInstalled: there is no pack yet.
    """
    known = get_known()
    area = known.gazetteer.read(text)
    for building in find_address(text, limit=1):
        if building.score >= _SURE and len(building.words) > 1:
            found = _located(building, text)
            if found is not None and (area is None or _agree(area, found)):
                return found
    if area is None:
        return None
    meaning = area.meaning
    return Location(meaning.chain, meaning.grid, meaning.point, text, area.score, area.words)


def _located(building: AddressMatch, text: str) -> Location | None:
    """Where a building is; `None` where the installed pack does not know its community any more."""
    try:
        divisions = get_known().atlas.chain(building.community)
    except DivisionNotFound:
        return None
    point = Point(building.longitude, building.latitude)
    score = min(_MOST, building.score * (_BESIDE if building.is_beside else 1.0))
    grid = "" if building.is_beside else building.grid
    return Location(divisions, grid, point, text, round(score, 3), building.words)


def _agree(area: Match, found: Location) -> bool:
    """Whether the building lies in the area, or the area is only guessed from a word that may mean something else."""
    return area.meaning.chain[0] in found.divisions or area.score < _VAGUE
