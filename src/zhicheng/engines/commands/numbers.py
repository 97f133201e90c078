"""Numbers with their units: 一百米, 2公里, 半小时, 三成, 5万平方米, 20栋. The value is in the base unit of its kind."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from zhicheng.engines.commands.function_words import DAYS, METRES, MONEY, MONTHS, RATIOS, SECONDS, SQUARE_METRES, YEARS
from zhicheng.engines.text.numerals import NUMBER, read_number

_NUMBER = re.compile(NUMBER)
_ABOUT = re.compile("[一二两三四五六七八九]{2}")  # 两三层, 五六十年代: about so many
_PERCENT = re.compile(rf"百分之({NUMBER})")
_KINDS: tuple[tuple[str, Mapping[str, float]], ...] = (
    ("metres", METRES),
    ("square_metres", SQUARE_METRES),
    ("seconds", SECONDS),
    ("days", DAYS),
    ("months", MONTHS),
    ("years", YEARS),
    ("money", MONEY),
    ("ratio", RATIOS),
)
_UNITS = {word: (kind, factor) for kind, words in _KINDS for word, factor in words.items()}
_LONGEST = max(map(len, _UNITS))
_TAILS = frozenset(character for word in _UNITS for character in word)


@dataclass(frozen=True)
class Quantity:
    """A number and what it counts: `kind` (metres, …) with the value in its base unit, or a bare one with `counter`."""

    value: Decimal
    kind: str = ""
    counter: str = ""


def read_quantity(text: str, at: int, counters: frozenset[str]) -> list[tuple[int, Quantity]]:
    """What a number that begins here may be: with a unit, with a counter (栋), bare. Each with where it ends."""
    percent = _PERCENT.match(text, at)
    if percent and (value := read_number(percent[1])) is not None:
        return [(percent.end(), Quantity(value / 100, "ratio"))]
    value, end = _value(text, at)
    if value is None:
        return []
    found = [(end, Quantity(value))] if end > at + (text[at] == "半") else []
    found += [(stop, quantity) for stop, quantity in _with_unit(text, end, value)]
    for length in range(1, 5):
        word = text[end : end + length]
        if len(word) == length and word in counters:
            found.append((end + length, Quantity(value, "", word)))
    return found


def _value(text: str, at: int) -> tuple[Decimal | None, int]:
    if text[at] == "半":
        return Decimal("0.5"), at + 1
    match = _NUMBER.match(text, at)
    if match is None or _ABOUT.search(match[0]):
        return None, at
    return read_number(match[0]), match.end()


def _with_unit(text: str, end: int, value: Decimal) -> list[tuple[int, Quantity]]:
    found = []
    for length in range(1, _LONGEST + 1):
        unit = _UNITS.get(text[end : end + length])
        if unit is None or len(text) < end + length:
            continue
        stop, amount = end + length, value
        if text[stop : stop + 1] == "半":
            stop, amount = stop + 1, amount + Decimal("0.5")
        scaled = amount * Decimal(str(unit[1]))
        found.append((stop, Quantity(_plain(scaled), unit[0], text[end : end + length])))
    return found


def _plain(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return whole if abs(value - whole) < Decimal("1e-6") else value.normalize()
