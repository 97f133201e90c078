"""The indicators of the installed pack, kept in the process per release."""

from functools import lru_cache

from zhicheng.apps.governance.errors import IndicatorUnknown
from zhicheng.apps.governance.policy.bodies import catalogue_of
from zhicheng.apps.governance.values import Catalogue, Indicator
from zhicheng.core.packs.public import DefinitionUnknown, NoPackInstalled, current_definition, current_release

KIND = "indicators"  # of the pinned definition
_NONE = Catalogue({}, (), {})


def get_catalogue() -> Catalogue:
    """All indicators; none where the city has no pack or the pack has none."""
    try:
        return _catalogue(current_release().id)
    except NoPackInstalled:
        return _NONE


@lru_cache(maxsize=2)
def _catalogue(_release: int) -> Catalogue:
    try:
        return catalogue_of(current_definition(KIND, KIND).body)
    except DefinitionUnknown:
        return _NONE


def get_indicator(code: str) -> Indicator:
    """One indicator.

    Raises:
        IndicatorUnknown: the pack has none of that code.
    """
    found = get_catalogue().indicators.get(code)
    if found is None:
        raise IndicatorUnknown(code=code[:80])
    return found


def list_indicators(group: str | None = None) -> list[Indicator]:
    """The indicators of a group, or all, in the order of the pack."""
    return [each for each in get_catalogue().indicators.values() if group in (None, each.group)]
