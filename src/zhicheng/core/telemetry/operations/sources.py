"""Where the collector reads: the broker's stream, and the logs of all processes that took readings in."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from zhicheng.core.telemetry.base.payloads import SLOW, read_payloads, read_slowly
from zhicheng.core.telemetry.base.topics import streams_of
from zhicheng.core.telemetry.gate.directory import StreamDirectory
from zhicheng.core.telemetry.gate.jetstream import Messages, StreamReader
from zhicheng.core.telemetry.gate.journal import JournalReader, list_writers, unpack
from zhicheng.core.telemetry.gate.table import DayTable
from zhicheng.core.telemetry.registry import unknown_streams
from zhicheng.core.telemetry.values import Quality, ReadingBatch, Refusal, UnknownStream

_ROUND_ROWS = 400_000
_ROUND_MESSAGES = 8
_TOLD = 1000


class JournalSource:
    """One process's log."""

    is_screened = True

    def __init__(self, folder: Path, table: DayTable) -> None:
        self.name = f"journal:{folder.name}"
        self._reader = JournalReader(folder, unpack(max(0, table.read_to(self.name))))

    @property
    def place(self) -> int:
        """Segment and offset as one number."""
        return self._reader.place.packed

    def batches(self) -> Iterator[ReadingBatch]:
        """What was appended."""
        return self._reader.batches(_ROUND_ROWS)

    def forget(self, place: int) -> None:
        """Remove whole segments."""
        self._reader.forget(unpack(place))


class JournalSources:
    """All logs under a folder; new ones are seen when somebody begins to write."""

    def __init__(self, root: Path, table: DayTable) -> None:
        self._root, self._table = root, table
        self._known: dict[str, JournalSource] = {}

    def __iter__(self) -> Iterator[JournalSource]:
        for folder in list_writers(self._root):
            if folder.name not in self._known:
                self._known[folder.name] = JournalSource(folder, self._table)
            yield self._known[folder.name]


class BrokerSource:
    """The stream in which NATS keeps what came over MQTT."""

    is_screened = False

    def __init__(self, name: str, reader: StreamReader, directory: StreamDirectory, *, after: int) -> None:
        self.name, self.place = name, after
        self._reader, self._directory = reader, directory

    def batches(self) -> Iterator[ReadingBatch]:
        """Messages that are there; waits a moment for the first."""
        self._directory.refresh()
        wait_s = 0.02
        for _ in range(_ROUND_MESSAGES):
            found = self._reader.read(wait_s)
            if found is None:
                return
            batch = read_messages(found, self._directory)
            self.place = int(found.rows[-1, 4])
            yield batch
            wait_s = 0.001

    def forget(self, place: int) -> None:
        """Remove them from the broker."""
        self._reader.forget(place)


def read_messages(messages: Messages, directory: StreamDirectory) -> ReadingBatch:
    """Messages as readings. Those of unknown streams are told to whom it concerns; unreadable ones are no numbers."""
    columns = [np.ascontiguousarray(messages.rows[:, place]) for place in range(6)]
    subject_from, subject_to, from_place, to_place, _, received_us = columns
    stream = streams_of(messages.data, subject_from, subject_to, directory.table)
    value, at_us, state = read_payloads(messages.data, from_place, to_place)
    quality, text = np.zeros(len(stream), np.int16), None
    for row in np.flatnonzero((state == SLOW) & (stream > 0)):
        found = read_slowly(messages.data[from_place[row] : to_place[row]].tobytes())
        if isinstance(found, Refusal):
            continue  # stays NaN: refused as no number
        at_us[row], quality[row] = found.at_us, found.quality
        value[row] = np.nan if found.value is None else found.value
        if found.text is not None:
            text = np.full(len(stream), None, dtype=object) if text is None else text
            text[row] = found.text
    quality[(at_us == 0) & (quality == 0)] = Quality.UNTIMED
    at_us = np.where(at_us == 0, received_us, at_us)
    batch = ReadingBatch(stream, at_us, value, text, received_us, quality)
    if len(unknown_streams) and not stream.all():
        _tell_unknown(messages, batch)
    return batch


def _tell_unknown(messages: Messages, batch: ReadingBatch) -> None:
    told = []
    for row in np.flatnonzero(batch.stream == 0)[:_TOLD]:
        first, last = messages.rows[row, 0], messages.rows[row, 1]
        words = messages.data[first:last].tobytes().decode(errors="replace").split(".")
        if words[2:4] != ["zc", "v1"] or len(words) != 6:
            continue
        found = read_slowly(messages.data[messages.rows[row, 2] : messages.rows[row, 3]].tobytes())
        if isinstance(found, Refusal):
            continue
        at_us, received_us = int(batch.at_us[row]), int(messages.rows[row, 5])
        told.append(UnknownStream(f"{words[4]}/{words[5]}", at_us, found.value, found.text, received_us))
    for hook in unknown_streams if told else ():
        hook(told)
