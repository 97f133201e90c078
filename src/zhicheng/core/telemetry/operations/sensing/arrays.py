"""Many observations at once as rows of values (OGC 18-088, clause 13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhicheng.core.telemetry.errors import DocumentRefused
from zhicheng.core.telemetry.models import Datastream
from zhicheng.core.telemetry.operations.sensing.observing import Observed, observed_of, take
from zhicheng.core.telemetry.policy.sensorthings.documents import read_document, reference_of
from zhicheng.core.telemetry.policy.sensorthings.schema import OBSERVATIONS

_MOST_ROWS = 100_000
_FEATURE = "FeatureOfInterest/id"


@dataclass(frozen=True)
class _Part:
    stream: int
    components: tuple[str, ...]
    rows: Sequence[Any]


def take_arrays(body: Any, *, now: datetime) -> list[str | DocumentRefused]:
    """Take rows of several datastreams; for each row its id, or why not, in the order given.

    Raises:
        DocumentRefused: it is no list of data arrays, or there are too many rows.
    """
    parts = [_part(each) for each in body] if isinstance(body, list) else []
    if not parts:
        raise DocumentRefused(problem="应是数据数组的列表")
    if sum(len(part.rows) for part in parts) > _MOST_ROWS:
        raise DocumentRefused(problem=f"一次最多 {_MOST_ROWS} 条观测值")
    streams = Datastream.objects.in_bulk([part.stream for part in parts])
    results: list[str | DocumentRefused] = []
    good: list[tuple[int, Observed]] = []
    for part in parts:
        for row in part.rows:
            found = _observed(part, row, streams, now)
            if isinstance(found, Observed):
                good.append((len(results), found))
            results.append(found if isinstance(found, DocumentRefused) else "")
    taken = take([each for _, each in good], streams, now=now) if good else []
    for (place, _), outcome in zip(good, taken, strict=True):
        results[place] = outcome
    return results


def _part(item: Any) -> _Part:
    if not isinstance(item, Mapping):
        raise DocumentRefused(problem="应是数据数组的列表")
    stream = reference_of(item.get("Datastream"))
    components, rows = item.get("components"), item.get("dataArray")
    if not isinstance(components, list) or not isinstance(rows, list) or "result" not in components:
        raise DocumentRefused(problem="数据数组要有 components（其中有 result）和 dataArray")
    if not isinstance(stream, int):
        raise DocumentRefused(problem="Datastream 的编号应是整数")
    return _Part(stream, tuple(str(each) for each in components), rows)


def _observed(part: _Part, row: Any, streams: Mapping[int, Datastream], now: datetime) -> Observed | DocumentRefused:
    if part.stream not in streams:
        return DocumentRefused(problem=f"没有 Datastreams({part.stream})")
    if not isinstance(row, list) or len(row) != len(part.components):
        return DocumentRefused(problem="这一行的个数和 components 不一致")
    said = dict(zip(part.components, row, strict=True))
    feature = said.pop(_FEATURE, None)
    try:
        document = read_document(OBSERVATIONS, said)
        return observed_of(document.values, part.stream, feature if isinstance(feature, int) else None, now)
    except DocumentRefused as error:
        return error
