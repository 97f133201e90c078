"""What the collector's process does, as one object: its sources found and lost, readings taken, everything kept."""

from collections.abc import Iterator
from datetime import datetime

import structlog

from zhicheng.core.telemetry.gate.jetstream import StreamReader, ensure_stream
from zhicheng.core.telemetry.operations.collecting import Collector, Source, Stores, Tally
from zhicheng.core.telemetry.operations.ingesting import register_streams
from zhicheng.core.telemetry.operations.sources import BrokerSource, JournalSources
from zhicheng.core.telemetry.queries.stores import (
    open_columns,
    open_directory,
    open_table,
    open_tail,
    telemetry_root,
)
from zhicheng.core.telemetry.queries.streams import list_streams

_log = structlog.get_logger("zhicheng.collector")
_PAGE = 100_000


class Collecting:
    """The collector with its sources."""

    def __init__(self, *, commit_s: float, now: datetime) -> None:
        self._table = open_table()
        self._collector = Collector(Stores(open_columns(), open_tail(), self._table), commit_s=commit_s, now=now)
        self._journals = JournalSources(telemetry_root() / "journal", self._table)
        self._broker: BrokerSource | None = None
        self._reader: StreamReader | None = None

    @property
    def has_broker(self) -> bool:
        """Whether it reads from a broker."""
        return self._broker is not None

    @property
    def tally(self) -> Tally:
        """What was done since the start."""
        return self._collector.tally

    def connect_broker(self, url: str) -> None:
        """Read from a broker, from behind what is in the lake.

        Raises:
            BrokerAway: it does not answer.
        """
        name = ensure_stream(url)
        after = max(0, self._table.read_to(name))
        self._reader = StreamReader(url, after=after)
        self._broker = BrokerSource(name, self._reader, open_directory(), after=after)
        _log.info("reading from the broker", stream=name, after=after)

    def drop_broker(self) -> None:
        """The broker is away; what was read of it and is not in the lake will be read again, and known again."""
        if self._reader is not None:
            self._reader.close()
        self._broker = self._reader = None

    def step(self, now: datetime) -> int:
        """Take what is there; how many rows were read.

        Raises:
            BrokerAway: the broker does not answer.
        """
        return self._collector.step(list(self._sources()), now)

    def close(self, now: datetime) -> None:
        """Bring everything that was read into the lake."""
        self._collector.commit(list(self._sources()), now)
        self.drop_broker()

    def _sources(self) -> Iterator[Source]:
        yield from self._journals
        if self._broker is not None:
            yield self._broker


def restore_streams() -> int:
    """Tell ingest all streams that are registered where its own files were lost, or restored without; how many.

    Until the last one is told a mark stays: who is killed meanwhile begins anew.
    """
    mark = telemetry_root() / "restoring-streams"
    if open_directory().is_kept and not mark.exists():
        return 0
    page, told = list_streams(limit=_PAGE), 0
    mark.touch()
    while len(page.stream):
        register_streams(page)
        told += len(page.stream)
        page = list_streams(after=int(page.stream[-1]), limit=_PAGE)
    mark.unlink()
    return told
