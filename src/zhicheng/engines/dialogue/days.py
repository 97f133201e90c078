"""Days as people say them: 2023年3月5日, 去年三月, 上个月底, 23.3.5, 昨天, 三个月前.

Where only the month or the year is said, the day stays open: nothing is guessed. `today` is the day in China; `lean`
says where a day without a year lies: -1 not after today, 1 not before today, 0 in this year.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from zhicheng.engines.dialogue.wording import HAN_DIGITS, figures
from zhicheng.engines.text.numerals import read_number

_N = r"(\d{1,2}|[一二两三四五六七八九十廿卅]{1,3})"
_YEAR = rf"(\d{{4}}|\d{{2}}|[{HAN_DIGITS}]{{4}}|[{HAN_DIGITS}]{{2}})"
_NEAR_YEAR = r"(大前年|前年|去年|上年|今年|本年|明年|后年)"
_NEAR_MONTH = r"(上上个?|上个?|这个?|本|下个?)月(?:份)?的?"
_NEAR_YEARS = {"大前年": -3, "前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_NEAR_DAYS = {"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "今天": 0, "今日": 0, "今早": 0, "今晚": 0}
_NEAR_DAYS |= {"明天": 1, "明日": 1, "后天": 2, "大后天": 3}
_FESTIVALS = {"元旦": (1, 1), "五一": (5, 1), "劳动节": (5, 1), "六一": (6, 1), "国庆": (10, 1)}
_END, _BEGIN = "底末", "初"


@dataclass(frozen=True)
class Said:
    """A day as far as it was said, with its place in the text."""

    year: int
    month: int | None
    day: int | None
    start: int = 0
    end: int = 0

    @property
    def text(self) -> str:
        """ISO: 2023-03-05, 2023-03 or 2023."""
        month = f"-{self.month:02d}" if self.month else ""
        return f"{self.year:04d}{month}" + (f"-{self.day:02d}" if month and self.day else "")

    @property
    def is_whole(self) -> bool:
        """Whether it is one day."""
        return bool(self.month and self.day)


Parts = tuple[int, int | None, int | None]
_Reader = Callable[[re.Match[str], date, int], Parts | None]


def find_days(text: str, today: date, *, lean: int = 0) -> list[Said]:
    """Every day in a text, from left to right.

    >>> friday = date(2026, 11, 20)
    >>> [one.text for one in find_days("98年5月3号生，去年三月入职，上个月底走的", friday)]
    ['1998-05-03', '2025-03', '2026-10-31']
    """
    found: list[Said] = []
    for pattern, read in _PATTERNS:
        for match in pattern.finditer(text):
            if any(one.start < match.end() and match.start() < one.end for one in found):
                continue
            parts = read(match, today, lean)
            if parts is not None:
                found.append(Said(*parts, match.start(), match.end()))
    real = [one for one in found if _exists(one.year, one.month, one.day)]  # the 30th of February hides 2月
    return sorted(real, key=lambda one: one.start)


def complete_day(partial: str, text: str) -> str:
    """A day of which the rest is said now: `2023-03` and 5号, `2023` and 三月五号; nothing where it does not fit.

    >>> complete_day("2023-03", "5号"), complete_day("2023", "三月五号"), complete_day("2023-02", "30")
    ('2023-03-05', '2023-03-05', '')
    """
    year, _, month = partial.partition("-")
    full = re.search(rf"{_N}\s*[月./\-]\s*(?:份)?\s*{_N}", text)
    if full:
        parts = (int(year), _int(full[1]), _int(full[2]))
        return Said(*parts).text if _exists(*parts) else ""
    only = re.search(rf"{_N}\s*月", text) if not month else None
    if only:
        return Said(int(year), _int(only[1]), None).text if _exists(int(year), _int(only[1]), None) else ""
    if not month:
        return ""
    last = monthrange(int(year), int(month))[1]
    if re.search(r"月?[底末]|最后一天", text):
        return f"{partial}-{last:02d}"
    found = re.search(rf"{_N}\s*[日号]?", text)
    day = _int(found[1]) if found else 0
    return f"{partial}-{day:02d}" if 0 < day <= last else ""


def _exists(year: int, month: int | None, day: int | None) -> bool:
    if not 1900 <= year <= 2100 or (month is not None and not 1 <= month <= 12):
        return False
    return day is None or (month is not None and 1 <= day <= monthrange(year, month)[1])


def _int(text: str) -> int:
    return int(read_number(text) or 0)


def _year(text: str, today: date, lean: int) -> int:
    plain = figures(text)
    if len(plain) == 4:
        return int(plain)
    year, now = int(plain), today.year % 100
    latest = now if lean < 0 else now + 40 if lean > 0 else now + 10
    return 2000 + year if year <= latest else 1900 + year


def _month_end(year: int, month: int) -> Parts:
    return year, month, monthrange(year, month)[1]


def _moved(today: date, months: int) -> tuple[int, int]:
    place = today.year * 12 + today.month - 1 + months
    return place // 12, place % 12 + 1


def _full(match: re.Match[str], today: date, lean: int) -> Parts:
    return _year(match[1], today, lean), _int(match[2]), _int(match[3])


def _year_month(match: re.Match[str], today: date, lean: int) -> Parts:
    year, month = _year(match[1], today, lean), _int(match[2])
    return _month_part(year, month, match[3] or "")


def _month_part(year: int, month: int, part: str) -> Parts:
    if part and part in _END and 1 <= month <= 12:
        return _month_end(year, month)
    return year, month, 1 if part else None


def _near_year(match: re.Match[str], today: date, _lean: int) -> Parts:
    year, month = today.year + _NEAR_YEARS[match[1]], _int(match[2])
    return (year, month, _int(match[3])) if match[3] else _month_part(year, month, match[4] or "")


def _near_month(match: re.Match[str], today: date, _lean: int) -> Parts:
    steps = {"上上": -2, "上": -1, "下": 1}.get(match[1].rstrip("个"), 0)
    year, month = _moved(today, steps)
    return (year, month, _int(match[2])) if match[2] else _month_part(year, month, match[3] or "")


def _month_day(match: re.Match[str], today: date, lean: int) -> Parts | None:
    month, part = _int(match[1]), match[3] or ""
    day = _int(match[2]) if match[2] else None
    if not _exists(2000, month, day):  # a leap year: the 29th of February exists
        return None
    year = today.year
    at = (month, day or (28 if part and part in _END else 1))
    if lean < 0 and at > (today.month, today.day):
        year -= 1
    if lean > 0 and at < (today.month, today.day) and (day or month < today.month):
        year += 1
    return (year, month, day) if day else _month_part(year, month, part)


def _near_day(match: re.Match[str], today: date, _lean: int) -> Parts:
    return _parts(today + timedelta(_NEAR_DAYS[match[0]]))


def _ago(match: re.Match[str], today: date, _lean: int) -> Parts | None:
    sign = -1 if match[4] == "前" else 1
    half, unit = match[1] == "半", match[2]
    count = 0 if half else _int(match[1])
    if unit in "天日":
        return None if half or count > 30_000 else _parts(today + timedelta(sign * count))
    if unit in {"周", "星期", "个星期", "个礼拜", "礼拜"}:
        return None if half or count > 4_000 else _parts(today + timedelta(sign * count * 7))
    if unit == "年":
        months = 6 if half else count * 12 + (6 if match[3] else 0)
        year, month = _moved(today, sign * months)
        return (year, None, None) if months % 12 == 0 else (year, month, None)
    if half:
        return _parts(today + timedelta(sign * 15))
    year, month = _moved(today, sign * count)
    if not 1 <= year <= 9999:
        return None
    return year, month, min(today.day, monthrange(year, month)[1])


def _this_month_end(_match: re.Match[str], today: date, _lean: int) -> Parts:
    return _month_end(today.year, today.month)


def _weekday(match: re.Match[str], today: date, lean: int) -> Parts:
    wanted = "一二三四五六日天".index(match[2]) % 7 if match[2] != "天" else 6
    said = match[1] or ""
    weeks = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(said.rstrip("个"), 0)
    day = today - timedelta(today.weekday()) + timedelta(wanted + 7 * weeks)
    if not said and lean < 0 and day > today:
        day -= timedelta(7)
    return _parts(day)


def _festival(match: re.Match[str], today: date, lean: int) -> Parts:
    month, day = _FESTIVALS[match[2]]
    if match[1]:
        return today.year + _NEAR_YEARS[match[1]], month, day
    year = today.year
    if lean < 0 and (month, day) > (today.month, today.day):
        year -= 1
    if lean > 0 and (month, day) < (today.month, today.day):
        year += 1
    return year, month, day


def _year_end(match: re.Match[str], today: date, lean: int) -> Parts:
    said = match[2]
    year = today.year + _NEAR_YEARS[match[1] or "今年"] if not said else _year(said, today, lean)
    return (year, 12, 31) if match[3] in _END else (year, None, None)


def _only_year(match: re.Match[str], today: date, lean: int) -> Parts:
    return _year(match[1], today, lean), None, None


def _only_near_year(match: re.Match[str], today: date, _lean: int) -> Parts:
    return today.year + _NEAR_YEARS[match[1]], None, None


def _parts(day: date) -> Parts:
    return day.year, day.month, day.day


def _patterns() -> Iterator[tuple[re.Pattern[str], _Reader]]:
    yield re.compile(rf"(?<!\d){_YEAR}\s*年\s*的?{_N}\s*月(?:份)?\s*{_N}\s*[日号]?"), _full
    yield re.compile(r"(?<!\d)(\d{4})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{1,2})(?!\d)"), _full
    yield re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(\d{2})(?!\d)"), _full
    yield re.compile(r"(?<![\d.])(\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?![\d.])"), _full
    yield re.compile(rf"{_NEAR_YEAR}的?\s*{_N}\s*月(?:份)?(?:\s*{_N}\s*[日号]?|的?([底末初]))?"), _near_year
    yield re.compile(rf"(?<!\d){_YEAR}\s*年\s*的?{_N}\s*月(?:份)?([底末初])?"), _year_month
    yield re.compile(r"(?<![\d.])((?:19|20)\d{2})[-/.](\d{1,2})(?![\d.])()"), _year_month
    yield re.compile(rf"{_NEAR_MONTH}(?:{_N}\s*[日号]|([底末初]))?"), _near_month
    yield re.compile(rf"(?<![\d年]){_N}\s*月(?:份)?\s*(?:{_N}\s*[日号]?|的?([底末初]))?"), _month_day
    yield re.compile("|".join(sorted(_NEAR_DAYS, key=len, reverse=True))), _near_day
    unit = r"(天|日|周|个?星期|个?礼拜|个月|年)"
    yield re.compile(rf"(?:(?<![\d一二三四五六七八九十])){_N[:-1]}|半个?){unit}(半)?(?:多)?(?:以|之)?(前|后)"), _ago
    yield re.compile(r"(上上个?|上个?|这个?|本|下下个?|下个?)?(?:周|星期|礼拜)([一二三四五六日天])"), _weekday
    yield re.compile(rf"{_NEAR_YEAR}?的?(元旦|五一|劳动节|六一|国庆)"), _festival
    yield re.compile(rf"(?:{_NEAR_YEAR}年?|{_YEAR}年|年)([底末])(?!下)"), _year_end
    yield re.compile(r"月[底末]"), _this_month_end
    yield re.compile(rf"(?<!\d)(\d{{4}}|[{HAN_DIGITS}]{{4}}|[01289]\d)\s*年(?![级前后以之])"), _only_year
    yield re.compile(_NEAR_YEAR), _only_near_year


_PATTERNS = tuple(_patterns())
