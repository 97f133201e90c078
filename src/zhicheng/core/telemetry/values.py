"""Typed values of telemetry: readings one by one and in columns, receipts, latest values, topics.

A stream is one datastream: a bigint, dense from 1. Instants are microseconds since 1970 in UTC. Nothing here knows
Django; columns are numpy arrays of equal length.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.object_]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TOPIC = "zc/v1"  # zc/v1/<device key>/<stream code>


class Quality(IntEnum):
    """How far a reading may be trusted."""

    GOOD = 0
    UNTIMED = 1  # the device said no time: when it was received counts
    DOUBTFUL = 2  # the device says so itself


class Refusal(Enum):
    """Why a reading was not taken; the value is its code, `REFUSAL_LABELS` has the words."""

    UNKNOWN_STREAM = "unknown_stream"
    NOT_A_NUMBER = "not_a_number"
    FAR_FUTURE = "far_future"
    TOO_OLD = "too_old"
    TOO_OFTEN = "too_often"
    UNREADABLE = "unreadable"


REFUSAL_LABELS = {
    Refusal.UNKNOWN_STREAM: "没有登记这个数据流",
    Refusal.NOT_A_NUMBER: "不是有效的数值",
    Refusal.FAR_FUTURE: "时间比现在晚 10 分钟以上",
    Refusal.TOO_OLD: "时间早于 1970 年",
    Refusal.TOO_OFTEN: "上报过于频繁，超过约定频率的 10 倍",
    Refusal.UNREADABLE: "内容无法解析",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One observation. `value` is None where the result is a text."""

    stream: int
    at_us: int
    value: float | None
    text: str | None = None
    received_us: int = 0
    quality: int = 0


@dataclass(frozen=True)
class ReadingBatch:
    """Many observations in columns of equal length.

    `value` is NaN where the result is a text; `text` is None where the batch holds numbers only, else an array of
    `str` and None.
    """

    stream: Ints
    at_us: Ints
    value: Reals
    text: Texts | None = None
    received_us: Ints | None = None
    quality: NDArray[np.int16] | None = None

    def __len__(self) -> int:
        return len(self.stream)

    def __iter__(self) -> Iterator[Reading]:
        """One by one: for few; hot paths work on the columns."""
        for row in range(len(self)):
            number = float(self.value[row])
            yield Reading(
                int(self.stream[row]),
                int(self.at_us[row]),
                None if np.isnan(number) else number,
                None if self.text is None else self.text[row],
                0 if self.received_us is None else int(self.received_us[row]),
                0 if self.quality is None else int(self.quality[row]),
            )

    def take(self, rows: Ints | Flags) -> "ReadingBatch":
        """The rows named by positions or by a mask."""
        return ReadingBatch(
            self.stream[rows],
            self.at_us[rows],
            self.value[rows],
            None if self.text is None else self.text[rows],
            None if self.received_us is None else self.received_us[rows],
            None if self.quality is None else self.quality[rows],
        )


def batch_of(readings: Sequence[Reading]) -> ReadingBatch:
    """Readings one by one as columns.

    >>> len(batch_of([Reading(7, 0, 21.5), Reading(8, 0, None, "开")]))
    2
    """
    texts = np.array([reading.text for reading in readings], dtype=object)
    return ReadingBatch(
        np.array([reading.stream for reading in readings], dtype=np.int64),
        np.array([reading.at_us for reading in readings], dtype=np.int64),
        np.array([np.nan if reading.value is None else reading.value for reading in readings], dtype=np.float64),
        texts if any(reading.text is not None for reading in readings) else None,
        np.array([reading.received_us for reading in readings], dtype=np.int64),
        np.array([reading.quality for reading in readings], dtype=np.int16),
    )


@dataclass(frozen=True)
class Refused:
    """One row that was not taken; `row` counts from 0 in the batch as it was given."""

    row: int
    reason: Refusal


@dataclass(frozen=True)
class Receipt:
    """What became of a batch: every row is accepted, a duplicate or refused. `refused` names the first 100."""

    accepted: int
    duplicate: int = 0
    refused_count: int = 0
    refused: tuple[Refused, ...] = field(default=())


@dataclass(frozen=True)
class LatestBatch:
    """The newest reading of each stream asked for, in the order asked; `known` is False where there is none yet."""

    stream: Ints
    known: Flags
    at_us: Ints
    value: Reals
    received_us: Ints
    quality: NDArray[np.int16]
    text: Texts


@dataclass(frozen=True)
class StreamTable:
    """Datastreams as ingest knows them: their ids, the keys that devices send under, how often they should send.

    `key` is `<device key>/<stream code>`. `interval_s` is the agreed interval; 0 means none, and no limit on the rate.
    """

    stream: Ints
    key: Sequence[str]
    interval_s: NDArray[np.float32]


@dataclass(frozen=True)
class UnknownStream:
    """A reading under a key that nobody registered; it was not kept. Such devices may be registered and approved."""

    key: str
    at_us: int
    value: float | None
    text: str | None
    received_us: int


@dataclass(frozen=True)
class Flood:
    """A stream that sends more than ten times as often as agreed; `dropped` readings of it were not kept."""

    stream: int
    dropped: int
    at_us: int


def to_us(at: datetime) -> int:
    """Microseconds since 1970 of an aware instant, exactly.

    >>> to_us(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC))
    1000005
    """
    return (at - EPOCH) // timedelta(microseconds=1)


def from_us(at_us: int) -> datetime:
    """The instant, in UTC.

    >>> from_us(1000005).microsecond
    5
    """
    return EPOCH + timedelta(microseconds=at_us)


@dataclass(frozen=True)
class StreamModel:
    """A stream that every device of a model has. `least` and `most` bound what can be true; None is no bound."""

    code: str
    label: str
    property: str
    unit: str
    unit_label: str
    least: float | None
    most: float | None
    interval_s: float


@dataclass(frozen=True)
class Condition:
    """One thing that a rule looks at in one stream.

    `kind` is above, below, rises, falls or silent. It begins when the value (or its change within `within_s`) passes
    `threshold`, for at least `for_s`; it ends when the value is back at `clear`. `code` names it for good.
    """

    code: str
    stream: str
    kind: str
    threshold: float
    clear: float
    for_s: float = 0.0
    within_s: float = 0.0


@dataclass(frozen=True)
class AlarmRule:
    """When a device raises an alarm, and who must do what by when.

    `need` of the conditions must hold at once, on one device or, with scope `group`, on devices of one group. Where
    `decided_by` names a rule of the rulebook, that decides then over the readings of the last `over_s` seconds.
    """

    model: str
    code: str
    label: str
    severity: str
    conditions: tuple[Condition, ...]
    need: int
    scope: str
    responsible: str
    limit: Mapping[str, Any]
    advice: str
    source: str
    hash: str
    decided_by: str = ""
    over_s: float = 300.0

    @property
    def id(self) -> str:
        """What alarms name it by."""
        return f"{self.model}/{self.code}"


@dataclass(frozen=True)
class DeviceModel:
    """What devices of one kind have in common. `access` is 0, 1 or 2, as with things."""

    code: str
    label: str
    kind: str
    responsible: str
    access: int
    streams: tuple[StreamModel, ...]
    alarms: tuple[AlarmRule, ...]

    def stream(self, code: str) -> StreamModel | None:
        """A stream by its code."""
        return next((each for each in self.streams if each.code == code), None)


@dataclass(frozen=True)
class DeviceRow:
    """One device to be registered; `line` says where it stands in its file."""

    line: int
    key: str
    name: str
    model: str
    longitude: float | None
    latitude: float | None
    unit: str = ""
    group: str = ""
    description: str = ""


@dataclass(frozen=True)
class Rejection:
    """Why a line was not taken."""

    line: int
    key: str
    reason: str


@dataclass(frozen=True)
class Registration:
    """What became of a list of devices."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: tuple[Rejection, ...] = ()


ALARM_PROCESS = "device_alarm"
SIGNAL_ENTITY = "device_signal"  # what rules about alarms are about: a table that the pack declares
SEVERITIES = ("notice", "warning", "critical")  # the gravest last
