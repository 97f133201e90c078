"""Asking several sources at once with one deadline: who does not answer in time is left behind, not waited for."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from django.db import connections

from zhicheng.core.forms.errors import SourceFailed

Call = Callable[[], Mapping[str, Any]]
FAILED, LATE, BUSY = "failed", "late", "busy"
_MOST_RUNNING = 16

logger = logging.getLogger(__name__)
_running = threading.BoundedSemaphore(_MOST_RUNNING)  # hung sources must not eat the process


@dataclass(frozen=True)
class Outcome:
    """What one call gave: values, or why not (`failed` with the source's sentence, `late`, `busy`)."""

    values: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""
    reason: str = ""


def call_all(calls: Mapping[str, Call], timeout_s: float) -> dict[str, Outcome]:
    """Run every call in a thread of its own; those that have not answered at the deadline are `late`.

    A late call runs on as a daemon until its own time-out; what it still says is not heard.
    """
    answers: SimpleQueue[tuple[str, Outcome]] = SimpleQueue()
    found = {name: Outcome(problem=BUSY) for name in calls}
    for name, call in calls.items():
        if _running.acquire(blocking=False):
            found[name] = Outcome(problem=LATE)
            threading.Thread(target=_run, args=(name, call, answers), daemon=True, name=f"prefill-{name}").start()
    waiting = sum(outcome.problem == LATE for outcome in found.values())
    until_s = time.monotonic() + timeout_s
    while waiting:
        try:
            name, outcome = answers.get(timeout=max(until_s - time.monotonic(), 0.001))
        except Empty:
            break
        found[name] = outcome
        waiting -= 1
    return found


def outcome_of(name: str, call: Call) -> Outcome:
    """One call's outcome; what a source should not raise is logged and counts as failed."""
    try:
        return Outcome(call())
    except SourceFailed as error:
        return Outcome(problem=FAILED, reason=str(error))
    except Exception:  # a source is another package's code: whatever it raises must not stop the form
        logger.exception("prefill source failed: %s", name)
        return Outcome(problem=FAILED)


def _run(name: str, call: Call, answers: "SimpleQueue[tuple[str, Outcome]]") -> None:
    try:
        answers.put((name, outcome_of(name, call)))
    finally:
        connections.close_all()
        _running.release()
