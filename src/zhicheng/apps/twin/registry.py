"""Who keeps indicators that may be asked by name: the twin knows none, and computes none."""

from collections.abc import Sequence
from typing import Protocol

from zhicheng.apps.twin.values.indicators import IndicatorValue
from zhicheng.engines.commands.indicators import KnownIndicator
from zhicheng.kit.registry import Registry


class IndicatorSource(Protocol):
    """Indicators with values by area and period. Periods are written 2026-03-11T09, 2026-03-11, 2026-03.

    `permission` is what its readers need; `source` is shown beside answers. An empty area is the city, an empty period
    the newest.
    """

    permission: str
    source: str

    def version(self) -> str:
        """Another text whenever `known` gives others."""
        ...

    def known(self) -> Sequence[KnownIndicator]:
        """All indicators."""
        ...

    def steps(self, code: str) -> tuple[str, ...]:
        """In which steps there are values: hour, day, month; the usual one first."""
        ...

    def newest(self, code: str, area: str) -> IndicatorValue:
        """The newest value of an area, with its period."""
        ...

    def course(self, code: str, area: str, since: str, until: str) -> Sequence[IndicatorValue]:
        """The values of an area from a period to another, both included; without them the newest ones."""
        ...

    def across(self, code: str, level: str, within: str, period: str) -> Sequence[IndicatorValue]:
        """The value of every area of a level that lies in another."""
        ...


indicator_sources: Registry[IndicatorSource] = Registry("indicator source")
