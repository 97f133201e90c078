"""The Shenzhen pack's calendars and processes, read plainly: engines know nothing of packs."""

from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path

import yaml

from zhicheng.engines.statetable.calendar import WorkingCalendar
from zhicheng.engines.statetable.definition import Process, parse_process
from zhicheng.kit.clock import CHINA

SHENZHEN = Path(__file__).resolve().parents[5] / "packs" / "shenzhen"


def read(path: str) -> dict:
    return yaml.safe_load((SHENZHEN / path).read_text(encoding="utf-8"))


@lru_cache
def shenzhen_calendar(*years: int) -> WorkingCalendar:
    exceptions: dict[date, bool] = {}
    for year in years:
        body = read(f"calendars/{year}.yaml")
        exceptions |= {holiday["date"]: False for holiday in body["holidays"]}
        exceptions |= dict.fromkeys(body["workdays"], True)
    hours = read("calendars/hours.yaml")["hours"]
    return WorkingCalendar(exceptions, tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in hours))


@lru_cache
def pack_process(code: str) -> Process:
    return parse_process(read(f"processes/{code}.yaml"))


def at(text: str) -> datetime:
    """A Chinese wall-clock instant in 2026: `02-13 10:00`, or with a year before it."""
    text = text if text.count("-") == 2 else f"2026-{text}"
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def shown(instant: datetime) -> str:
    """The instant as `at` takes it."""
    return instant.astimezone(CHINA).strftime("%m-%d %H:%M:%S").removesuffix(":00")
