"""Indicators on the cockpit: what needs a look first, then what has a target; the same numbers as everywhere."""

from typing import Any

from zhicheng.apps.governance.public import get_indicator, latest_values, words_of
from zhicheng.apps.governance.values import STATE_LABELS, Standing, State
from zhicheng.core.packs.errors import NoPackInstalled

_MOST = 8
_STATES = {State.ALARM: "bad", State.ATTENTION: "warning", State.OK: "good", State.MISSING: ""}
_RANKS = {State.ALARM: 0, State.ATTENTION: 1, State.OK: 2, State.MISSING: 3}
_TRENDS = {"up": "比上期升", "down": "比上期降", "flat": "与上期持平"}


def indicator_tiles(area: str) -> list[dict[str, Any]]:
    """Tiles of the indicators that matter most in an area (the city, where none is named)."""
    try:
        standings = list(latest_values(area).values())
    except NoPackInstalled:
        return []
    known = [each for each in standings if each.state is not State.MISSING]
    ranked = sorted(known, key=lambda each: (_RANKS[each.state], each.target is None))
    return [_tile(each, area) for each in ranked[:_MOST]]


def _tile(standing: Standing, area: str) -> dict[str, Any]:
    indicator = get_indicator(standing.code)
    judged = indicator.target is not None or standing.state in {State.ALARM, State.ATTENTION}
    return {
        "label": standing.label,
        "value": standing.text.removesuffix(standing.unit).strip(),
        "unit": standing.unit,
        "target": "" if indicator.target is None else words_of(indicator.target, indicator),
        "state": _STATES[standing.state] if judged else "",
        "state_words": STATE_LABELS[standing.state] if judged else "",
        "change": _TRENDS.get(standing.trend, ""),
        "values": [],
        "url": f"/workbench/indicators/{standing.code}/" + (f"?area={area}" if area else ""),
    }
