"""Reading reals and instants: columns of text, or already typed, with where a cell is none."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhicheng.kit.clock import CHINA

INSTANT = pa.timestamp("us", tz="UTC")
_REAL = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
_MOMENT = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?( ?(Z|[+-][0-9]{2}:?[0-9]{2}))?$"
)
_LEAST_US, _MOST_US = -62_135_596_800_000_000, 253_402_300_799_999_999  # the years 1 to 9999


def parse_reals(text: pa.Array) -> pa.Array:
    """Decimal numbers; NULL where a text is none, or is too large to be finite."""
    shaped = pc.if_else(pc.match_substring_regex(text, _REAL), text, pa.scalar(None, pa.string()))
    return finite(pc.utf8_ltrim(shaped, "+").cast(pa.float64()))


def finite(numbers: pa.Array) -> pa.Array:
    """The numbers as float64; NULL where one is infinite or none at all."""
    numbers = numbers.cast(pa.float64())
    return pc.if_else(pc.is_finite(numbers), numbers, pa.scalar(None, pa.float64()))


def parse_instants(text: pa.Array) -> pa.Array:
    """ISO 8601 date and time; without an offset it is China's time. NULL where a text is none."""
    shaped = pc.if_else(pc.match_substring_regex(text, _MOMENT), text, pa.scalar(None, pa.string()))
    found = [None if cell is None else _instant(cell) for cell in shaped.to_pylist()]
    return pa.array(found, INSTANT)


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", "").replace(",", "."))
        return (found if found.tzinfo else found.replace(tzinfo=CHINA)).astimezone(UTC)
    except (ValueError, OverflowError):  # 30 February; an offset that leaves the years 1 to 9999
        return None


def to_instants(moments: pa.Array) -> pa.Array:
    """Typed instants in UTC and microseconds; without a zone they are China's time. Finer ones are cut."""
    if moments.type.tz is None:
        moments = pc.assume_timezone(moments, CHINA.key, ambiguous="earliest", nonexistent="latest")
    microseconds = moments.cast(pa.timestamp("us", moments.type.tz), safe=False).cast(pa.int64())
    known = np.asarray(microseconds.fill_null(0))
    inside = pa.array((known >= _LEAST_US) & (known <= _MOST_US))
    return pc.if_else(inside, microseconds, pa.scalar(None, pa.int64())).cast(INSTANT)
