"""Named places of a command as points and lines, and the asker's own area."""

import shapely

from zhicheng.apps.twin.errors.commands import CommandUnusable
from zhicheng.apps.twin.queries.commands_spatial import Spot
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import Actor
from zhicheng.core.places.public import (
    LayerEmpty,
    LayerUnknown,
    get_division,
    list_landmarks,
    locate_address,
    open_layer,
)
from zhicheng.engines.commands.values import Place
from zhicheng.engines.commands.vocabulary import LEVELS

_MOST_PIECES = 400


def spot_of(place: Place) -> Spot:
    """Where a place is.

    Raises:
        CommandUnusable: nobody knows.
    """
    if place.kind == "road":
        lines = road_lines(place.name)
        if lines:
            return Spot(lines=lines)
    if place.kind == "landmark" and "," in place.code:
        longitude, _, latitude = place.code.partition(",")
        return Spot(float(longitude), float(latitude))
    for landmark in list_landmarks():
        if place.name in (landmark.name, *landmark.aliases):
            return Spot(landmark.point.longitude, landmark.point.latitude)
    found = locate_address(place.name) if place.kind == "name" else None
    if found is None or found.point is None:
        raise CommandUnusable(why=f"没有找到“{place.name}”这个地方。")
    return Spot(found.point.longitude, found.point.latitude)


def road_lines(name: str) -> tuple[shapely.Geometry, ...]:
    """The pieces of a road; none where the city has no roads."""
    try:
        reader = open_layer("road")
    except (LayerUnknown, LayerEmpty):
        return ()
    names = reader.column("name").to_pylist()
    rows = [row for row, said in enumerate(names) if said == name][:_MOST_PIECES]
    return tuple(reader.shapes(rows)) if rows else ()  # type: ignore[arg-type]  # rows may be a list


def own_places(actor: Actor) -> tuple[Place, ...]:
    """The divisions of the units that the asker works for; the whole city is no place.

    Raises:
        CommandUnusable: the asker works for none.
    """
    tree = get_unit_tree()
    codes = {tree.get(grant.unit).division for grant in actor.grants if grant.unit in tree}
    codes.discard("")
    if not codes:
        raise CommandUnusable(why="您的账号没有所属单位，说不出辖区在哪里。")
    found = [get_division(code) for code in sorted(codes)]
    if any(division.level == LEVELS[0] for division in found):
        return ()
    return tuple(Place(division.level, division.name, division.code) for division in found)
