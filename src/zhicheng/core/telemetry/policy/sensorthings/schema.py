"""The entities of SensorThings 1.1 Part 1 (OGC 18-088): properties, links, and the columns that hold them.

Observations have no table: `Entity.table` is empty, and their links are followed in Python. A link's condition joins
a row `{p}` of the entity with a row `{t}` of the target.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from zhicheng.core.telemetry.errors import PathUnknown

Kind = Literal["id", "text", "json", "time", "number", "shape", "area"]


@dataclass(frozen=True)
class Property:
    """A property of an entity; `column` is SQL without the alias of the row. `size` limits texts."""

    name: str
    column: str
    kind: Kind
    required: bool = False
    size: int = 20_000


@dataclass(frozen=True)
class Link:
    """A way from one entity to another; `field` is the foreign key of a to-one link that can be written.

    `through` is (table, column of the entity, column of the target) where a table of pairs lies between.
    """

    name: str
    target: str
    many: bool
    condition: str
    required: bool = False
    field: str = ""
    through: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class Entity:
    """A kind of entity; `name` is its set (Things), `singular` its links to one (Thing)."""

    name: str
    singular: str
    table: str
    properties: Mapping[str, Property]
    links: Mapping[str, Link] = field(default_factory=dict)
    visible: str = "{t}.access <= %s"

    def link(self, name: str) -> Link:
        """A link by name.

        Raises:
            PathUnknown: there is none.
        """
        if name not in self.links:
            raise PathUnknown(entity=self.name, name=name)
        return self.links[name]

    def property_of(self, name: str) -> Property:
        """A property by name; `id` is `@iot.id`.

        Raises:
            PathUnknown: there is none.
        """
        found = self.properties.get("@iot.id" if name == "id" else name)
        if found is None:
            raise PathUnknown(entity=self.name, name=name)
        return found


ID = Property("@iot.id", "id", "id")
_NAME = Property("name", "name", "text", required=True, size=255)
_DESCRIPTION = Property("description", "description", "text", required=True)
_FREE = Property("properties", "properties", "json")
_ENCODING = Property("encodingType", "encoding_type", "text", required=True, size=100)


def _entity(name: str, singular: str, table: str, *parts: Property | Link, visible: str = "{t}.access <= %s") -> Entity:
    properties = {part.name: part for part in (ID, *parts) if isinstance(part, Property)}
    links = {part.name: part for part in parts if isinstance(part, Link)}
    return Entity(name, singular, table, properties, links, visible)


_THING_LOCATION, _PLACE = "telemetry_thinglocation", "telemetry_historicalplace"


def _pairs(name: str, table: str, have: str, want: str, *, required: bool = False) -> Link:
    """A link through a table of pairs to the set of the same name."""
    condition = f"{{t}}.id IN (SELECT j.{want} FROM {table} j WHERE j.{have} = {{p}}.id)"
    return Link(name, name, True, condition, required=required, through=(table, have, want))


_SETS = (
    _entity(
        "Things",
        "Thing",
        "telemetry_thing",
        _NAME,
        _DESCRIPTION,
        _FREE,
        _pairs("Locations", _THING_LOCATION, "thing_id", "location_id"),
        Link("HistoricalLocations", "HistoricalLocations", True, "{t}.thing_id = {p}.id"),
        Link("Datastreams", "Datastreams", True, "{t}.thing_id = {p}.id"),
    ),
    _entity(
        "Locations",
        "Location",
        "telemetry_location",
        _NAME,
        _DESCRIPTION,
        _ENCODING,
        Property("location", "location", "shape", required=True),
        _FREE,
        _pairs("Things", _THING_LOCATION, "location_id", "thing_id"),
        _pairs("HistoricalLocations", _PLACE, "location_id", "historical_id"),
    ),
    _entity(
        "HistoricalLocations",
        "HistoricalLocation",
        "telemetry_historicallocation",
        Property("time", "time", "time", required=True),
        Link("Thing", "Things", False, "{t}.id = {p}.thing_id", required=True, field="thing_id"),
        _pairs("Locations", _PLACE, "historical_id", "location_id", required=True),
        visible="EXISTS (SELECT 1 FROM telemetry_thing v WHERE v.id = {t}.thing_id AND v.access <= %s)",
    ),
    _entity(
        "Datastreams",
        "Datastream",
        "telemetry_datastream",
        _NAME,
        _DESCRIPTION,
        Property("observationType", "observation_type", "text", required=True, size=150),
        Property("unitOfMeasurement", "unit", "json", required=True),
        Property("observedArea", "observed_area", "area"),
        _FREE,
        Link("Thing", "Things", False, "{t}.id = {p}.thing_id", required=True, field="thing_id"),
        Link("Sensor", "Sensors", False, "{t}.id = {p}.sensor_id", required=True, field="sensor_id"),
        Link(
            "ObservedProperty",
            "ObservedProperties",
            False,
            "{t}.id = {p}.observed_property_id",
            required=True,
            field="observed_property_id",
        ),
        Link("Observations", "Observations", True, ""),
    ),
    _entity(
        "Sensors",
        "Sensor",
        "telemetry_sensor",
        _NAME,
        _DESCRIPTION,
        _ENCODING,
        Property("metadata", "metadata", "json", required=True),
        _FREE,
        Link("Datastreams", "Datastreams", True, "{t}.sensor_id = {p}.id"),
        visible="%s >= 0",
    ),
    _entity(
        "ObservedProperties",
        "ObservedProperty",
        "telemetry_observedproperty",
        _NAME,
        Property("definition", "definition", "text", required=True),
        _DESCRIPTION,
        _FREE,
        Link("Datastreams", "Datastreams", True, "{t}.observed_property_id = {p}.id"),
        visible="%s >= 0",
    ),
    _entity(
        "FeaturesOfInterest",
        "FeatureOfInterest",
        "telemetry_featureofinterest",
        _NAME,
        _DESCRIPTION,
        _ENCODING,
        Property("feature", "feature", "shape", required=True),
        _FREE,
        Link("Observations", "Observations", True, ""),
    ),
    _entity(
        "Observations",
        "Observation",
        "",
        Property("phenomenonTime", "", "time"),
        Property("resultTime", "", "time"),
        Property("result", "", "json", required=True),
        Property("resultQuality", "", "json"),
        Property("validTime", "", "time"),
        Property("parameters", "", "json"),
        Link("Datastream", "Datastreams", False, "", required=True),
        Link("FeatureOfInterest", "FeaturesOfInterest", False, ""),
    ),
)
SETS: Mapping[str, Entity] = {entity.name: entity for entity in _SETS}
OBSERVATIONS = SETS["Observations"]


def entity_set(name: str) -> Entity:
    """An entity by the name of its set.

    Raises:
        PathUnknown: there is none.
    """
    if name not in SETS:
        raise PathUnknown(entity="v1.1", name=name)
    return SETS[name]
