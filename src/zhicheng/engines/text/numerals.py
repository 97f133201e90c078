"""Numbers as people say them: 三千五, 1.2万, 两百块, 一年半. Values are Decimal; what is no number gives nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_SMALL = {"十": 10, "百": 100, "千": 1000, "k": 1000, "K": 1000}
_LARGE = {"万": 10_000, "w": 10_000, "W": 10_000, "亿": 100_000_000}
_TENS = {"廿": 20, "卅": 30}
_FIGURES = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
# Possessive (++): forty digits that are no amount must not be cut up in every way there is.
NUMBER = (
    rf"(?:(?:{_FIGURES})(?=[零〇一二两三四五六七八九])"  # 3800一个月: what follows is another number
    rf"|(?:{_FIGURES}|[零〇一二两三四五六七八九十百千万亿廿卅])++(?:点[零〇一二三四五六七八九]+)?[万亿]?[kKwW]?)"
)
_NUMBER = re.compile(NUMBER)
_PART = re.compile(rf"{_FIGURES}|点[零〇一二三四五六七八九]+|.")
_YEARS = re.compile(rf"({NUMBER}|半)年(半)?(?:(?:零|又|加|,|，)?({NUMBER})个?月)?")
_MONTHS = re.compile(rf"({NUMBER}|半)(?:个(半)?月|月)")


@dataclass(frozen=True)
class Number:
    """A number in a text, with the words right behind it."""

    value: Decimal
    start: int
    end: int
    unit: str


def read_number(token: str) -> Decimal | None:
    """The value of one number.

    >>> [int(read_number(said)) for said in ("三千五", "1.2万", "一百零五", "3万5", "二十", "两万三千", "12,000")]
    [3500, 12000, 105, 35000, 20, 23000, 12000]
    """
    if not token or not _NUMBER.fullmatch(token):
        return None
    counter = _Counter()
    for part in _PART.findall(token):
        counter.take(part)
    return counter.result()


def spoken_digits(said: str) -> str:
    """Digits said one by one, as figures with their leading zeros; empty where tens or hundreds are said.

    >>> spoken_digits("〇二"), spoken_digits("一百零二")
    ('02', '')
    """
    return "".join(str(_DIGITS[sign]) for sign in said) if _DIGITS.keys() >= set(said) else ""


class _Counter:
    """Adds up a number part by part."""

    def __init__(self) -> None:
        self._total = self._section = Decimal(0)
        self._number: Decimal | None = None
        self._unit = 1
        self._after_zero = False
        self._figures = False

    def take(self, part: str) -> None:
        """The next figure, digit or unit."""
        if part[0].isdigit() and part[0].isascii():
            self._number, self._figures = Decimal(part.replace(",", "")), True
        elif part[0] == "点":
            decimals = "".join(str(_DIGITS[digit]) for digit in part[1:])
            self._number = (self._number or Decimal(0)) + Decimal(f"0.{decimals}")
        elif part in _DIGITS:
            self._digit(_DIGITS[part])
        elif part in _SMALL or part in _TENS:
            self._small(part)
        elif part in _LARGE:
            self._large(_LARGE[part])

    def result(self) -> Decimal:
        """The value; a last digit without a unit counts in the next lower one (三千五)."""
        last = self._number
        if last is not None and self._unit >= 100 and 0 < last < 10 and not self._after_zero:
            last *= self._unit // 10
        return self._total + self._section + (last or Decimal(0))

    def _digit(self, digit: int) -> None:
        if self._number is not None:
            self._number = self._number * 10 + digit
        elif digit == 0 and (self._section or self._total):
            self._after_zero = True
        else:
            self._number = Decimal(digit)

    def _small(self, part: str) -> None:
        worth = Decimal(_TENS[part]) if part in _TENS else (self._number or Decimal(1)) * _SMALL[part]
        self._section += worth
        self._unit, self._number, self._after_zero = _SMALL.get(part, 10), None, False

    def _large(self, unit: int) -> None:
        self._total = (self._total + self._section + (self._number or Decimal(0)) or Decimal(1)) * unit
        self._section, self._number, self._unit, self._after_zero = Decimal(0), None, unit, False


def find_numbers(text: str) -> Iterator[Number]:
    """Every number in a text, from left to right."""
    for found in _NUMBER.finditer(text):
        value = read_number(found[0])
        if value is not None:
            yield Number(value, found.start(), found.end(), text[found.end() : found.end() + 4].strip())


def find_months(text: str) -> Decimal | None:
    """A length of time in months.

    >>> [int(find_months(said)) for said in ("半年", "一年半", "两年零三个月", "18个月", "五年多")]
    [6, 18, 27, 18, 60]
    """
    found = _YEARS.search(text)
    if found:
        years = Decimal("0.5") if found[1] == "半" else read_number(found[1]) or Decimal(0)
        months = read_number(found[3]) if found[3] else Decimal(0)
        return years * 12 + (6 if found[2] else 0) + (months or Decimal(0))
    found = _MONTHS.search(text)
    if found is None:
        return None
    months = Decimal("0.5") if found[1] == "半" else read_number(found[1]) or Decimal(0)
    return months + (Decimal("0.5") if found[2] else 0)
