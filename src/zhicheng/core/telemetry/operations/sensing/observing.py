"""Observations written: the reading goes to ingest, what else is said of it is noted."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhicheng.core.telemetry.errors import DocumentRefused
from zhicheng.core.telemetry.models import Datastream, FeatureOfInterest, Location, ObservationNote, ThingLocation
from zhicheng.core.telemetry.operations.ingesting import accept_readings
from zhicheng.core.telemetry.operations.sensing.placing import feature_at
from zhicheng.core.telemetry.policy.sensorthings.documents import Document
from zhicheng.core.telemetry.queries.sensing.observations import observation_id
from zhicheng.core.telemetry.queries.sensing.rendering import moment
from zhicheng.core.telemetry.values import REFUSAL_LABELS, Reading, batch_of, to_us

SOURCE = "sensorthings"
_NOTED = ("resultTime", "validTime", "parameters", "resultQuality")


@dataclass(frozen=True)
class Observed:
    """An observation ready to be taken: its reading, and what is noted of it beyond."""

    reading: Reading
    said: Mapping[str, Any]
    feature: int | None


def observe(document: Document, stream: Datastream, feature: FeatureOfInterest | None, *, now: datetime) -> str:
    """Take one observation; its id.

    Raises:
        DocumentRefused: the reading was refused, with the reason.
    """
    observed = observed_of(document.values, stream.pk, feature.pk if feature else None, now)
    [made] = take([observed], {stream.pk: stream}, now=now)
    if not isinstance(made, str):
        raise made
    return made


def observed_of(values: Mapping[str, Any], stream: int, feature: int | None, now: datetime) -> Observed:
    """What a document says, as a reading and a note.

    Raises:
        DocumentRefused: a phenomenonTime or result that cannot be.
    """
    when = values.get("phenomenonTime") or now
    at = when[0] if isinstance(when, tuple) else when
    if at.year < 1970:
        raise DocumentRefused(problem="phenomenonTime 早于 1970 年")
    value, text, kept = _result(values.get("result"))
    said = {name: moment(values[name]) for name in _NOTED if values.get(name) is not None}
    if isinstance(when, tuple):
        said["phenomenonTime"] = moment(when)
    if kept:
        said["result"] = values["result"]
    return Observed(Reading(stream, to_us(at), value, text, to_us(now)), said, feature)


def _result(result: Any) -> tuple[float | None, str | None, bool]:
    """A result as number or text, and whether it must be noted because it is neither."""
    if isinstance(result, bool):
        return float(result), None, True
    if isinstance(result, int | float):
        if not math.isfinite(result):
            raise DocumentRefused(problem="result 不是有效的数值")
        return float(result), None, False
    if isinstance(result, str):
        return None, result, False
    return None, json.dumps(result, ensure_ascii=False)[:200], True


def take(
    observed: Sequence[Observed], streams: Mapping[int, Datastream], *, now: datetime
) -> list[str | DocumentRefused]:
    """Take many observations at once; for each its id, or why not."""
    for stream in {each.reading.stream for each in observed}:
        ensure_feature(streams[stream])
    receipt = accept_readings(batch_of([each.reading for each in observed]), source=SOURCE, now=now)
    refused = {each.row: each.reason for each in receipt.refused}
    if receipt.refused_count > len(refused):
        raise DocumentRefused(problem=f"有 {receipt.refused_count} 条观测值不能接收，请分批提交")
    notes = [
        ObservationNote(
            stream=each.reading.stream, at_us=each.reading.at_us, said=dict(each.said), feature_id=each.feature
        )
        for row, each in enumerate(observed)
        if row not in refused and (each.said or _differs(each, streams))
    ]
    ObservationNote.objects.bulk_create(
        notes, update_conflicts=True, unique_fields=["stream", "at_us"], update_fields=["said", "feature", "deleted"]
    )
    return [
        DocumentRefused(problem=REFUSAL_LABELS[refused[row]])
        if row in refused
        else observation_id(each.reading.stream, each.reading.at_us)
        for row, each in enumerate(observed)
    ]


def _differs(each: Observed, streams: Mapping[int, Datastream]) -> bool:
    return each.feature is not None and each.feature != streams[each.reading.stream].feature_id


def ensure_feature(stream: Datastream) -> None:
    """What the observations of a stream are of where they say nothing else: the place of the thing."""
    if stream.feature_id is not None:
        return
    place = Location.objects.filter(pk__in=ThingLocation.objects.filter(thing=stream.thing_id).values("location"))
    found = place.order_by("id").first()
    if found is None:
        return
    sibling = Datastream.objects.filter(thing=stream.thing_id, feature__isnull=False).first()
    feature = sibling.feature if sibling else None
    if feature is None:
        feature = feature_at(found)
        feature.save()
    stream.feature = feature
    stream.save(update_fields=["feature"])
