"""Times as people say them: 上周, 最近30天, 今年以来, 去年第四季度, 3月1日到5日. Local days; the hour is given.

N days back are N calendar days with today as the last; N hours back are counted from the hour itself. A month without
a year is the latest that has begun.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zhicheng.engines.text.numerals import read_number

_NUM = r"(?:\d+|[零〇一二两三四五六七八九十百]+|半)"
_YEAR = (
    r"(?:(?P<year>(?:19|20)\d\d|[一二][零〇九]?[零〇一二三四五六七八九]{2,3})年度?"
    r"|(?P<yearword>今年|去年|前年|本年|本年度|上年|明年|当年)的?)"
)
_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]"


@dataclass(frozen=True)
class TimeSpan:
    """From `since` until before `until`. `grain`: what was named (hour, day, week, month, year, decade, window, …).

    `ahead` is the end of a window of the same length that begins now (3天内到期).
    """

    since: datetime | None
    until: datetime | None
    words: str
    grain: str
    ahead: datetime | None = None


def read_time(text: str, at: int, now: datetime) -> tuple[int, TimeSpan] | None:
    """The longest time that begins at a place of a text, with where it ends; None where none does."""
    found = _single(text, at, now)
    if found is None:
        return _opened(text, at, now)
    end, span = _to_range(text, found[0], found[1], now)
    end, span = _with_relation(text, end, span)
    return end, replace(span, words=text[at:end])


def months_later(day: datetime, months: int) -> datetime:
    """The same day some months later or earlier; the last of the month where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (datetime(year + (month == 11), (month + 1) % 12 + 1, 1, tzinfo=day.tzinfo) - timedelta(days=1)).day
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _single(text: str, at: int, now: datetime) -> tuple[int, TimeSpan] | None:
    best: tuple[int, TimeSpan] | None = None
    for pattern, build in _PATTERNS:
        match = pattern.match(text, at)
        if match is None or (best is not None and match.end() <= best[0]):
            continue
        span = build(match, now)
        if span is not None:
            best = match.end(), span
    return best


_TO = re.compile(r"(?:到|至|-|~|—|–)+")
_SHORT_DAY = re.compile(_DAY)


def _to_range(text: str, end: int, span: TimeSpan, now: datetime) -> tuple[int, TimeSpan]:
    link = _TO.match(text, end)
    if link is None or span.grain == "window":
        return end, span
    second = _single(text, link.end(), span.since or now) or _day_alone(text, link.end(), span)
    if second is not None and second[1].grain != "window" and span.since and second[1].until:
        later = second[1].until
        if later <= span.since and (again := _single(text, link.end(), now)):
            later = again[1].until or later
        return (second[0], replace(span, until=later)) if later > span.since else (end, span)
    return end, span


def _day_alone(text: str, at: int, span: TimeSpan) -> tuple[int, TimeSpan] | None:
    """3月1日到5日: the later day is of the same month."""
    match = _SHORT_DAY.match(text, at)
    if match is None or span.since is None or span.grain != "day":
        return None
    found = _of_date(match, span.since)
    return (match.end(), found) if found else None


_AFTER = re.compile(
    r"(以来|至今|迄今|到现在|以后|之后|往后|起|开始|后)(?!台|海|勤|瑞|亭|面|十|五|三|[一二三四六七八九\d])"
)
_BEFORE = re.compile(r"(以前|之前|前)(?!海|[一二三四五六七八九十\d])")


def _with_relation(text: str, end: int, span: TimeSpan) -> tuple[int, TimeSpan]:
    if span.grain == "window":
        return end, span
    if match := _AFTER.match(text, end):
        return match.end(), replace(span, until=None)
    if match := _BEFORE.match(text, end):
        return match.end(), replace(span, since=None, until=span.since)
    return end, span


_OPENING = re.compile(r"(自从|自|从)")
_UNTIL = re.compile(r"(截至|截止到?|到)")
_UNTIL_END = re.compile(r"为止")


def _opened(text: str, at: int, now: datetime) -> tuple[int, TimeSpan] | None:
    """自3月1日起, 从3月1日到5日, 截至3月."""
    if match := _OPENING.match(text, at):
        found = read_time(text, match.end(), now)
        if found is None or found[1].grain == "window":
            return None
        end, span = found
        between = bool(_TO.search(text, match.end(), end))
        return end, replace(span, until=span.until if between else None, words=text[at:end])
    if match := _UNTIL.match(text, at):
        found = _single(text, match.end(), now)
        if found is None or found[1].grain in ("window",):
            return None
        stop = _UNTIL_END.match(text, found[0])
        end = stop.end() if stop else found[0]
        return end, replace(found[1], since=None, words=text[at:end])
    return None


def _number(word: str) -> float:
    if word == "半":
        return 0.5
    value = read_number(word)
    return float(value) if value is not None else 0.0


def _year_of(match: re.Match[str], now: datetime) -> int | None:
    groups = match.groupdict()
    if word := groups.get("yearword"):
        return now.year + {"去年": -1, "上年": -1, "前年": -2, "明年": 1}.get(word, 0)
    if said := groups.get("year"):
        digits = (str("〇一二三四五六七八九".index(c)) for c in said.replace("零", "〇"))
        year = int(said if said.isascii() else "".join(digits))
        return year if 1900 <= year < 2100 else None
    return None


def _day_start(now: datetime, year: int, month: int, day: int) -> datetime | None:
    try:
        return _midnight(now).replace(year=year, month=month, day=day)
    except ValueError:
        return None


_DAYS = {
    "今天": 0,
    "今日": 0,
    "当天": 0,
    "当日": 0,
    "今": 0,
    "昨天": -1,
    "昨日": -1,
    "昨": -1,
    "前天": -2,
    "大前天": -3,
}
_DAYS |= {"明天": 1, "明日": 1, "后天": 2}
_PARTS = {"凌晨": (0, 6), "早上": (6, 12), "早": (6, 12), "上午": (0, 12), "中午": (11, 14), "下午": (12, 18)}
_PARTS |= {"晚上": (18, 24), "晚": (18, 24), "夜里": (18, 24), "夜间": (18, 24)}


def _of_day(match: re.Match[str], now: datetime) -> TimeSpan:
    since = _midnight(now) + timedelta(days=_DAYS[match[1]])
    if match[2]:
        first, last = _PARTS[match[2]]
        return TimeSpan(since + timedelta(hours=first), since + timedelta(hours=last), "", "hour")
    return TimeSpan(since, since + timedelta(days=1), "", "day")


def _of_week(match: re.Match[str], now: datetime) -> TimeSpan:
    shift = {"上上": -2, "上": -1, "下": 1}.get(match[1].removesuffix("一").removesuffix("个"), 0)
    monday = _midnight(now) - timedelta(days=now.weekday()) + timedelta(weeks=shift)
    if match[2] == "末":
        return TimeSpan(monday + timedelta(days=5), monday + timedelta(days=7), "", "week")
    if match[2]:
        day = monday + timedelta(days="一二三四五六日天".index(match[2]) - (match[2] == "天"))
        return TimeSpan(day, day + timedelta(days=1), "", "day")
    return TimeSpan(monday, monday + timedelta(weeks=1), "", "week")


def _of_month(match: re.Match[str], now: datetime) -> TimeSpan:
    shift = {"上上": -2, "上": -1, "下": 1}.get(match[1].removesuffix("一").removesuffix("个"), 0)
    first = months_later(_midnight(now).replace(day=1), shift)
    return TimeSpan(first, months_later(first, 1), "", "month")


def _of_quarter(match: re.Match[str], now: datetime) -> TimeSpan:
    shift = {"上上": -2, "上": -1, "下": 1}.get(match[1].removesuffix("一").removesuffix("个"), 0)
    first = _midnight(now).replace(day=1, month=(now.month - 1) // 3 * 3 + 1)
    first = months_later(first, 3 * shift)
    return TimeSpan(first, months_later(first, 3), "", "quarter")


def _named_quarter(match: re.Match[str], now: datetime) -> TimeSpan | None:
    year = _year_of(match, now) or now.year
    number = {"一": 1, "二": 2, "三": 3, "四": 4}.get(match["quarter"]) or int(match["quarter"])
    first = _day_start(now, year, number * 3 - 2, 1)
    return TimeSpan(first, months_later(first, 3), "", "quarter") if first else None


def _half_year(match: re.Match[str], now: datetime) -> TimeSpan | None:
    first = _day_start(now, _year_of(match, now) or now.year, 1 if match["half"] == "上" else 7, 1)
    return TimeSpan(first, months_later(first, 6), "", "half") if first else None


def _of_year(match: re.Match[str], now: datetime) -> TimeSpan | None:
    year = _year_of(match, now)
    first = _day_start(now, year, 1, 1) if year else None
    return TimeSpan(first, months_later(first, 12), "", "year") if first else None


def _so_far(match: re.Match[str], now: datetime) -> TimeSpan:
    today = _midnight(now)
    first = {
        "年": today.replace(month=1, day=1),
        "月": today.replace(day=1),
        "周": today - timedelta(days=now.weekday()),
        "季": today.replace(day=1, month=(now.month - 1) // 3 * 3 + 1),
    }[match["what"]]
    return TimeSpan(first, None, "", "sofar")


def _of_month_named(match: re.Match[str], now: datetime) -> TimeSpan | None:
    month = int(_number(match["month"]))
    said = _year_of(match, now)
    if not 1 <= month <= 12:
        return None
    first = _day_start(now, said or now.year, month, 1)
    if first and said is None and first > now:
        first = months_later(first, -12)
    return TimeSpan(first, months_later(first, 1), "", "month") if first else None


def _of_date(match: re.Match[str], now: datetime) -> TimeSpan | None:
    groups = match.groupdict()
    month = int(_number(groups["month"])) if groups.get("month") else now.month
    said = _year_of(match, now)
    since = _day_start(now, said or now.year, month, int(_number(match["day"])))
    if since and said is None and groups.get("month") and since > now:
        since = months_later(since, -12)
    return TimeSpan(since, since + timedelta(days=1), "", "day") if since else None


def _of_figures(match: re.Match[str], now: datetime) -> TimeSpan | None:
    if match[3]:
        since = _day_start(now, int(match[1]), int(match[2]), int(match[3]))
        return TimeSpan(since, since + timedelta(days=1), "", "day") if since else None
    since = _day_start(now, int(match[1]), int(match[2]), 1)
    return TimeSpan(since, months_later(since, 1), "", "month") if since else None


def _year_range(match: re.Match[str], now: datetime) -> TimeSpan | None:
    first, last = _day_start(now, int(match[1]), 1, 1), _day_start(now, int(match[2]) + 1, 1, 1)
    return TimeSpan(first, last, "", "year") if first and last and first < last else None


def _decade(match: re.Match[str], now: datetime) -> TimeSpan | None:
    said = match["decade"]
    tens = int(said) if said.isdigit() else int(_number(said))
    first = tens if tens >= 1900 else (2000 if tens < 30 and "上世纪" not in match[0] else 1900) + tens
    since, until = _day_start(now, first, 1, 1), _day_start(now, first + 10, 1, 1)
    return TimeSpan(since, until, "", "decade") if since and first % 10 == 0 else None


def _window(match: re.Match[str], now: datetime) -> TimeSpan | None:
    count, unit = _number(match["count"]), match["unit"]
    if not 0 < count <= 1000 or not (match["before"] or match["after"]):
        return None
    if match["before"] == "前" and "季" in unit:  # 前三季度 are those of the year
        return None
    if match["after"] == "以来" and not match["before"] and unit in ("月", "日"):  # since March, since the 5th
        return None
    since, ahead = _steps(now, count, unit)
    return TimeSpan(since, None, "", "window", ahead)


def _steps(now: datetime, count: float, unit: str) -> tuple[datetime, datetime]:
    today = _midnight(now)
    if "时" in unit or "钟" in unit:
        hours = timedelta(hours=count) if "时" in unit or "钟头" in unit else timedelta(minutes=count)
        return now - hours, now + hours
    months = {"月": 1.0, "季": 3.0, "年": 12.0}
    for name, each in months.items():
        if name in unit:
            return _month_steps(today, count * each)
    days = int(count * (7 if any(name in unit for name in ("周", "星期", "礼拜")) else 1))
    return today - timedelta(days=days - 1), today + timedelta(days=days + 1)


def _month_steps(today: datetime, months: float) -> tuple[datetime, datetime]:
    if months < 1:
        return today - timedelta(days=14), today + timedelta(days=16)
    return months_later(today, -int(months)), months_later(today, int(months)) + timedelta(days=1)


_UNITS = r"(?P<unit>天|日|周|个?星期|个?礼拜|个?月|个?季度|年|个?小时|个?钟头|分钟)"
_SHIFTS = r"(本|这个?|这一|当|上上个?|上一?个?|下个?)"
_Build = Callable[[re.Match[str], datetime], TimeSpan | None]
_PATTERNS: tuple[tuple[re.Pattern[str], _Build], ...] = tuple(
    (re.compile(pattern), build)
    for pattern, build in (
        (
            r"(大前天|今天|今日|当天|当日|昨天|昨日|前天|明天|明日|后天|今(?=早|晚)|昨(?=晚))((?:凌晨|早上|早|上午|中午|下午|晚上|晚|夜里|夜间)(?!(?:\d{1,2}|[一二两三四五六七八九十]{1,2})[点时]))?",
            _of_day,
        ),
        (rf"{_SHIFTS}(?:周|星期|礼拜)([一二三四五六日天末])?", _of_week),
        (rf"{_SHIFTS}月", _of_month),
        (rf"{_SHIFTS}季度?", _of_quarter),
        (rf"{_YEAR}?第?(?P<quarter>[一二三四1-4])个?季度?(?<=季|度)", _named_quarter),
        (rf"{_YEAR}?[qQ](?P<quarter>[1-4])", _named_quarter),
        (rf"{_YEAR}?(?P<half>[上下])半年", _half_year),
        (rf"{_YEAR}(?:全年|内|期间)?", _of_year),
        (r"(?:今|本|这一|当)?(?P<what>年)(?:度)?(?:初)?(?:以来|至今|初到现在|迄今|内)", _so_far),
        (r"(?:本|这个|当)(?P<what>月|周|季)度?(?:以来|至今)", _so_far),
        (rf"{_YEAR}?{_MONTH}", _of_month_named),
        (rf"{_YEAR}?{_MONTH}{_DAY}(?:当天|当日|全天|这天|那天|这一天)?", _of_date),
        (r"(20\d\d|19\d\d)[-/.](1[0-2]|0?[1-9])(?:[-/.](3[01]|[12]\d|0?[1-9]))?(?!\d)", _of_figures),
        (r"((?:19|20)\d\d)年?(?:到|至|-|~|—)((?:19|20)\d\d)年(?:之间|期间|间)?", _year_range),
        (r"(?:上世纪|20世纪|本世纪|二十世纪)?(?P<decade>(?:19|20)?\d0|[一二三四五六七八九]十)年代", _decade),
        (
            rf"(?P<before>最近的?|近|过去的?|这|刚过去的?|前|未来|今后|接下来)?(?P<count>{_NUM}){_UNITS}(?P<after>以内|之内|以来|内|里|间)?",
            _window,
        ),
    )
)
