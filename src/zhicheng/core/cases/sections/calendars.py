"""`calendars/*.yaml`: the working calendar. A year not yet published is provisional."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from django.db.models import Count, Max, Min
from pydantic import BaseModel, ConfigDict

from zhicheng.core.cases.gate.definitions import CALENDAR_KIND, calendar_from
from zhicheng.core.cases.models import ClockRow
from zhicheng.core.packs.public import (
    DefinitionUnknown,
    Fault,
    Item,
    Loaded,
    NoPackInstalled,
    PackSource,
    Section,
    current_definition,
    guards,
    parse_row,
    pin_definition,
    read_yaml,
    sections,
)
from zhicheng.kit.clock import CHINA

WORKING = "working"


class _Holiday(BaseModel):
    model_config = ConfigDict(extra="forbid")
    date: date
    name: str


class CalendarYear(BaseModel):
    """One year: its holidays, its make-up working days, and whether it is published."""

    model_config = ConfigDict(extra="forbid")
    year: int
    status: Literal["published", "provisional"]
    source: str
    holidays: list[_Holiday]
    workdays: list[date] = []


class WorkingHours(BaseModel):
    """The daily spans of work, as HH:MM in local time."""

    model_config = ConfigDict(extra="forbid")
    time_zone: Literal["Asia/Shanghai"] = "Asia/Shanghai"
    hours: list[tuple[str, str]]


@dataclass(frozen=True)
class Calendars:
    """All years and the hours, with the places they were read from."""

    years: list[Item[CalendarYear]]
    hours: Item[WorkingHours] | None

    def body(self) -> dict[str, Any]:
        """The pinned form: exceptions by ISO day, hours."""
        exceptions: dict[str, bool] = {}
        for item in self.years:
            exceptions |= {holiday.date.isoformat(): False for holiday in item.value.holidays}
            exceptions |= {day.isoformat(): True for day in item.value.workdays}
        hours = [list(span) for span in self.hours.value.hours] if self.hours else []
        provisional = [item.value.year for item in self.years if item.value.status == "provisional"]
        return {"exceptions": dict(sorted(exceptions.items())), "hours": hours, "provisional": provisional}


def load(root: Path) -> Loaded:
    """Read the hours and every year."""
    faults: list[Fault] = []
    years: list[Item[CalendarYear]] = []
    for path in sorted((root / "calendars").glob("[0-9]*.yaml")):
        row, found = read_yaml(root, f"calendars/{path.name}")
        faults += found
        year, found = parse_row(row, CalendarYear) if row else (None, [])
        faults += found
        if year is not None:
            years.append(year)
    row, found = read_yaml(root, "calendars/hours.yaml")
    faults += found
    hours, found = parse_row(row, WorkingHours) if row else (None, [])
    return Loaded(Calendars(years, hours), [*faults, *found])


def check(value: Calendars, _pack: PackSource) -> Iterator[Fault]:
    """Days inside their year, on the right side of the week, named once; hours in order."""
    seen: set[int] = set()
    for item in value.years:
        if item.value.year in seen:
            yield item.fault("calendar.duplicate", f"{item.value.year} 年写了两次。", "只留一个文件。", key="year")
        seen.add(item.value.year)
        yield from _check_year(item)
    if value.hours is not None:
        try:
            calendar_from({"exceptions": {}, "hours": value.hours.value.hours})
        except ValueError:
            yield value.hours.fault(
                "calendar.hours", "工作时间要从早到晚，时段不能重叠。", '例如 ["09:00", "12:00"]。', key="hours"
            )


def _check_year(item: Item[CalendarYear]) -> Iterator[Fault]:
    year = item.value
    days = [holiday.date for holiday in year.holidays]
    for index, day in enumerate(days):
        if day.year != year.year:
            yield item.fault(
                "calendar.year",
                f"{day} 不在 {year.year} 年。",
                "改正日期或移到对应年份的文件。",
                key=f"holidays.{index}",
            )
        if days.index(day) != index:
            yield item.fault("calendar.repeated", f"{day} 写了两次。", "删去重复的一天。", key=f"holidays.{index}")
    for index, day in enumerate(year.workdays):
        key = f"workdays.{index}"
        if day.year != year.year:
            yield item.fault(
                "calendar.year", f"补班日 {day} 不在 {year.year} 年。", "改正日期或移到对应年份的文件。", key=key
            )
        if day in days:
            yield item.fault("calendar.both", f"{day} 既是假日又是补班日。", "只保留一项。", key=key)
        if day.weekday() < 5:
            yield item.fault(
                "calendar.workday", f"补班日 {day} 不是周末，本来就上班。", "补班日应是周六或周日。", key=key
            )


def install(value: Calendars, _pack: PackSource, now: datetime) -> None:
    """Pin the calendar; the worker then carries it into running clocks (`recompute_clocks`)."""
    pin_definition(CALENDAR_KIND, WORKING, value.body(), label="工作日历", now=now)


def describe(value: Calendars) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """A year as one item of the release notes."""
    for item in value.years:
        year = item.value
        status = "已公布" if year.status == "published" else "暂行"
        holidays = "、".join(f"{holiday.date:%m-%d}" for holiday in year.holidays)
        workdays = "、".join(f"{day:%m-%d}" for day in year.workdays)
        yield "年度日历", str(year.year), f"{year.year} 年", {"状态": status, "假日": holidays, "补班": workdays}
    if value.hours is not None:
        spans = "、".join("–".join(span) for span in value.hours.value.hours)
        yield "工作时间", "hours", "工作时间", {"时段": spans}


def refuse_lost_calendars(pack: PackSource) -> Iterator[Fault]:
    """An upgrade that drops or renames a calendar, or a year of it, which open clocks count by is refused."""
    value: Calendars = pack.values["calendars"]
    open_clocks = ClockRow.objects.filter(state__in=("running", "paused"))
    lost = open_clocks.exclude(calendar__in=("always", WORKING)).values("calendar").annotate(count=Count("id"))
    for row in lost.order_by("calendar"):
        message = f"日历 {row['calendar']} 已从城市包中删去或改名，但还有 {row['count']} 项在走的时限按它计算。"
        hint = "请用原来的代码保留这个日历，等这些时限结束后再删。"
        yield Fault("calendars/hours.yaml", 0, "calendar.stranded", message, hint)
    span = open_clocks.filter(calendar=WORKING).aggregate(first=Min("run_from"), last=Max("due_at"))
    if span["first"] is None:
        return
    counted = range(span["first"].astimezone(CHINA).year, span["last"].astimezone(CHINA).year + 1)
    for year in sorted(_installed_years().intersection(counted) - {item.value.year for item in value.years}):
        message = f"{year} 年的日历已从城市包中删去，但还有在走的时限要按它计算，节假日会被当成工作日。"
        hint = f"请保留 calendars/{year}.yaml；要调整节假日，请修改这个文件。"
        yield Fault(f"calendars/{year}.yaml", 0, "calendar.stranded", message, hint)


def _installed_years() -> set[int]:
    try:
        body = current_definition(CALENDAR_KIND, WORKING).body
    except (NoPackInstalled, DefinitionUnknown):
        return set()
    return {date.fromisoformat(day).year for day in body["exceptions"]}


sections.add("calendars", Section("calendars", "工作日历", load, check, install, describe))
guards.add("cases.calendars", refuse_lost_calendars)
