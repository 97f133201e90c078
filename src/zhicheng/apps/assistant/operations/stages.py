"""Stages of answering: each leaves a record, and fails into something said instead of into a stack trace."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import structlog

from zhicheng.apps.assistant.values import StageRecord
from zhicheng.kit.errors import ZhichengError

Value = TypeVar("Value")
FAILURES = (ZhichengError, OSError, ValueError, LookupError)
_log = structlog.get_logger("zhicheng.assistant")


@dataclass
class Recorder:
    """Runs stages and keeps what each did."""

    records: list[StageRecord] = field(default_factory=list)

    def run(
        self,
        stage: str,
        work: Callable[[], Value],
        *,
        instead: Callable[[], Value],
        judge: Callable[[Value], tuple[str, tuple[str, ...]]] = lambda _value: ("ok", ()),
    ) -> Value:
        """Do the work of a stage; where it fails, take what is said instead. `judge` gives outcome and references."""
        started = time.perf_counter()
        failure = ""
        try:
            value = work()
            outcome, refs = judge(value)
        except FAILURES as error:
            failure = error.code if isinstance(error, ZhichengError) else type(error).__name__
            _log.warning("a stage failed", stage=stage, failure=failure, reason=str(error)[:200])
            value, outcome, refs = instead(), "failed", ()
        self.records.append(StageRecord(stage, outcome, _ms(started), failure, refs))
        return value

    @property
    def failed(self) -> bool:
        """Whether any stage failed."""
        return any(record.outcome == "failed" for record in self.records)


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
