"""Which model holds an entity, and which of its fields a property or a link fills."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from zhicheng.core.telemetry.models import (
    Datastream,
    FeatureOfInterest,
    HistoricalLocation,
    Location,
    ObservedProperty,
    Sensor,
    Thing,
)
from zhicheng.core.telemetry.policy.sensorthings.documents import Document
from zhicheng.core.telemetry.policy.sensorthings.shapes import box_of

MODELS: Mapping[str, type[models.Model]] = {
    "Things": Thing,
    "Locations": Location,
    "HistoricalLocations": HistoricalLocation,
    "Datastreams": Datastream,
    "Sensors": Sensor,
    "ObservedProperties": ObservedProperty,
    "FeaturesOfInterest": FeatureOfInterest,
}
_SHAPES = {"Locations": "location", "FeaturesOfInterest": "feature"}


def fields_of(document: Document, *, encoding: str = "") -> dict[str, Any]:
    """The fields that a document's own values fill; a location's box comes from its shape.

    Raises:
        DocumentRefused: the shape cannot be read.
    """
    entity = document.entity
    fields = {entity.properties[name].column: value for name, value in document.values.items()}
    for name in ("description",):
        if name in fields and fields[name] is None:
            fields[name] = ""
    shape = _SHAPES.get(entity.name, "")
    if shape in document.values:
        box = box_of(document.values[shape], fields.get("encoding_type", encoding))
        fields.update(zip(("west", "south", "east", "north"), box, strict=True))
    return fields
