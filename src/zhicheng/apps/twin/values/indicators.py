"""Values of indicators as whoever keeps them gives them out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class IndicatorValue:
    """A value with its reason where it is missing. `place` is a period, or the name of an area with its `code`."""

    place: str
    value: float | None
    reason: str = ""
    code: str = ""
