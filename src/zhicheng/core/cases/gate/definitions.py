"""Processes and calendars as the engine wants them, parsed once per pinned definition in each process."""

from datetime import date, time
from functools import lru_cache
from typing import Any

from zhicheng.core.cases.errors import ProcessUnknown
from zhicheng.core.packs.public import (
    DefinitionUnknown,
    current_definition,
    current_release,
    get_definition,
    list_definitions,
)
from zhicheng.engines.statetable.calendar import Calendar, WorkingCalendar
from zhicheng.engines.statetable.definition import Process, parse_process

PROCESS_KIND = "process"
CALENDAR_KIND = "calendar"


@lru_cache(maxsize=256)
def process_of(definition: str) -> Process:
    """The process with this hash; a hash names one content for ever, so it is cached without end."""
    return parse_process(get_definition(definition).body)


def current_process(code: str) -> tuple[str, Process]:
    """Hash and process that new cases of a kind run on.

    Raises:
        ProcessUnknown: the pack has none.
    """
    try:
        found = current_definition(PROCESS_KIND, code)
    except DefinitionUnknown:
        raise ProcessUnknown(process=code) from None
    return found.hash, process_of(found.hash)


def processes() -> dict[str, Process]:
    """The current processes by code."""
    return _processes(current_release().id)


def calendars() -> dict[str, Calendar]:
    """The working calendars of the installed pack by code."""
    return _calendars(current_release().id)


@lru_cache(maxsize=8)
def _processes(_release: int) -> dict[str, Process]:
    return {found.code: process_of(found.hash) for found in list_definitions(PROCESS_KIND)}


@lru_cache(maxsize=8)
def _calendars(_release: int) -> dict[str, Calendar]:
    return {found.code: calendar_from(found.body) for found in list_definitions(CALENDAR_KIND)}


def calendar_from(body: Any) -> WorkingCalendar:
    """A calendar from its pinned body: `exceptions` maps ISO days to booleans, `hours` lists spans as HH:MM."""
    exceptions = {date.fromisoformat(day): bool(works) for day, works in body["exceptions"].items()}
    return WorkingCalendar(exceptions, tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in body["hours"]))
