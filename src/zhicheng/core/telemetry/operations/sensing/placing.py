"""Where a thing stands: its current locations, its way through time, the areas around it."""

from collections.abc import Sequence
from datetime import datetime

from zhicheng.core.places.errors import CoordinatesSwapped, InvalidCoordinates, PlacesNotInstalled, PointOutsideCity
from zhicheng.core.places.public import get_division, locate_point
from zhicheng.core.telemetry.models import (
    FeatureOfInterest,
    HistoricalLocation,
    HistoricalPlace,
    Location,
    Thing,
    ThingLocation,
)

_LEVELS = ("district", "street", "community")


def place_thing(thing: Thing, locations: Sequence[Location], *, now: datetime) -> None:
    """Let a thing be at some locations from now on; the time of each place before is kept."""
    ThingLocation.objects.filter(thing=thing).delete()
    ThingLocation.objects.bulk_create([ThingLocation(thing=thing, location=each) for each in locations])
    historical = HistoricalLocation.objects.create(thing=thing, time=now)
    HistoricalPlace.objects.bulk_create([HistoricalPlace(historical=historical, location=each) for each in locations])
    shaped = next((each for each in locations if each.west is not None), None)
    if shaped is not None and shaped.south is not None and shaped.east is not None and shaped.north is not None:
        stand_at(thing, (float(shaped.west or 0) + shaped.east) / 2, (shaped.south + shaped.north) / 2)
        thing.save(update_fields=["longitude", "latitude", "grid", *_LEVELS])


def stand_at(thing: Thing, longitude: float, latitude: float) -> None:
    """Set a thing's point and the areas around it; none outside the city. Does not save."""
    thing.longitude, thing.latitude = longitude, latitude
    for name, value in areas_of(longitude, latitude).items():
        setattr(thing, name, value)


def feature_at(place: Location) -> FeatureOfInterest:
    """The feature of interest that a place is; not saved."""
    return FeatureOfInterest(
        name=place.name,
        description=place.description,
        encoding_type=place.encoding_type,
        feature=place.location,
        west=place.west,
        south=place.south,
        east=place.east,
        north=place.north,
        access=place.access,
    )


def areas_of(longitude: float, latitude: float) -> dict[str, str]:
    """The district, street, community and grid around a point; empty outside the city."""
    found = dict.fromkeys((*_LEVELS, "grid"), "")
    try:
        location = locate_point(longitude, latitude)
    except (CoordinatesSwapped, InvalidCoordinates, PlacesNotInstalled, PointOutsideCity):
        return found
    for code in location.divisions:
        level = get_division(code).level
        if level in found:
            found[level] = code
    return {**found, "grid": location.grid}
