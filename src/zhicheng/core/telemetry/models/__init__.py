"""Devices and what SensorThings says of them; readings themselves are not in the database."""

from zhicheng.core.telemetry.models.alarm import Alarm, AlarmMember, Maintenance, Signal
from zhicheng.core.telemetry.models.candidate import Candidate
from zhicheng.core.telemetry.models.datastream import Datastream, ObservedProperty, Sensor
from zhicheng.core.telemetry.models.feature import FeatureOfInterest, ObservationNote
from zhicheng.core.telemetry.models.location import HistoricalLocation, HistoricalPlace, Location, ThingLocation
from zhicheng.core.telemetry.models.thing import Thing

__all__ = [
    "Alarm",
    "AlarmMember",
    "Candidate",
    "Datastream",
    "FeatureOfInterest",
    "HistoricalLocation",
    "HistoricalPlace",
    "Location",
    "Maintenance",
    "ObservationNote",
    "ObservedProperty",
    "Sensor",
    "Signal",
    "Thing",
    "ThingLocation",
]
