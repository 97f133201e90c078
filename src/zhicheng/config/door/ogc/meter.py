"""The call meter: calls are counted in memory and added to the database every two seconds, never in a caller's way."""

import asyncio
import contextlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import Self
from uuid import UUID

import structlog
from django.db import Error, close_old_connections

from zhicheng.apps.twin.public import add_calls
from zhicheng.apps.twin.values.services import Caller, CallerKind, CallLine, Service
from zhicheng.kit.clock import CHINA, now

_log = structlog.get_logger("zhicheng.ogc")
_EVERY_S = 2.0
_MOST_WAITING = 50_000


@dataclass(frozen=True)
class _Group:
    day: date
    layer: str
    service: Service
    kind: CallerKind
    key: str
    account: UUID | None


class CallMeter:
    """Counts calls. Use as a context manager: what is left is written at the end.

    A process that is killed loses what it counted in the last two seconds.
    """

    def __init__(self) -> None:
        self._counts: dict[_Group, list[int]] = defaultdict(lambda: [0, 0, 0])
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._write_often())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self.write()

    def count(self, layer: str, service: Service, caller: Caller, *, refused: bool, sent_bytes: int) -> None:
        """Count one call of a layer."""
        counts = self._counts_of(layer, service, caller)
        counts[0] += 1
        counts[1] += refused
        counts[2] += sent_bytes

    def add_bytes(self, layer: str, service: Service, caller: Caller, sent_bytes: int) -> None:
        """Add what was sent of a call that was counted when it began."""
        self._counts_of(layer, service, caller)[2] += sent_bytes

    def _counts_of(self, layer: str, service: Service, caller: Caller) -> list[int]:
        group = _Group(now().astimezone(CHINA).date(), layer, service, caller.kind, caller.key, caller.account)
        if len(self._counts) >= _MOST_WAITING and group not in self._counts:
            return [0, 0, 0]  # the database is away for long and keys are many: better not counted than no memory
        return self._counts[group]

    async def write(self) -> None:
        """Add what was counted to the database; while it is away the counts wait."""
        if not self._counts:
            return
        taken, self._counts = self._counts, defaultdict(lambda: [0, 0, 0])
        lines = [
            CallLine(group.day, group.layer, group.service, group.kind, group.key, group.account, *counts)
            for group, counts in taken.items()
        ]
        try:
            await asyncio.to_thread(_add, lines)
        except Error as error:
            _log.warning("calls wait to be counted", error=str(error)[:200])
            for group, counts in taken.items():
                held = self._counts[group]
                held[:] = [old + more for old, more in zip(held, counts, strict=True)]

    async def _write_often(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_S)
            await self.write()


def _add(lines: list[CallLine]) -> None:
    close_old_connections()
    add_calls(lines)
