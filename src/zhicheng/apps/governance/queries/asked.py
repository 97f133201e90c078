"""Indicators as the twin's questions in words ask them."""

from collections.abc import Sequence

from zhicheng.apps.governance.errors import PeriodMalformed
from zhicheng.apps.governance.queries.catalogue import get_catalogue
from zhicheng.apps.governance.queries.latest import by_area, latest_values, series
from zhicheng.apps.governance.values import Catalogue
from zhicheng.apps.twin.values.indicators import IndicatorValue
from zhicheng.core.packs.public import NoPackInstalled, current_release
from zhicheng.engines.commands.indicators import KnownIndicator


class AskedIndicators:
    """The indicators of the installed pack."""

    permission = "cockpit.view"
    source = "指标库"

    def version(self) -> str:
        """The release of the pack."""
        try:
            return str(current_release().id)
        except NoPackInstalled:
            return ""

    def known(self) -> Sequence[KnownIndicator]:
        """All, with the group that tells apart two of one label."""
        return known_of(get_catalogue())

    def steps(self, code: str) -> tuple[str, ...]:
        """Those of its base, the main one first."""
        base = get_catalogue().base_of(code)
        return tuple(dict.fromkeys((base.main_step, *base.steps)))

    def newest(self, code: str, area: str) -> IndicatorValue:
        """As the indicator's page shows it."""
        found = latest_values(area, [code])[code]
        return IndicatorValue(found.period, _rounded(code, found.value), found.reason)

    def course(self, code: str, area: str, since: str, until: str) -> Sequence[IndicatorValue]:
        """The series up to a period."""
        try:
            points = series(code, area, since=since)
        except PeriodMalformed:
            return ()
        kept = [point for point in points if not until or point.period <= until]
        return [IndicatorValue(each.period, _rounded(code, each.value), each.reason) for each in kept]

    def across(self, code: str, level: str, within: str, period: str) -> Sequence[IndicatorValue]:
        """Area by area."""
        found = by_area(code, level, within, period=period)
        return [IndicatorValue(each.name, _rounded(code, each.value), each.reason, each.area) for each in found]


def known_of(catalogue: Catalogue) -> list[KnownIndicator]:
    """The names of a catalogue."""
    groups = {code: group.label for group in catalogue.groups for code in group.indicators}
    return [
        KnownIndicator(each.code, each.label, groups.get(each.code, ""), each.unit)
        for each in catalogue.indicators.values()
    ]


def _rounded(code: str, value: float | None) -> float | None:
    return None if value is None else round(value, get_catalogue().indicators[code].decimals)
