"""Bases and indicators as the body of a pinned definition, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from zhicheng.apps.governance.values import Base, Better, Catalogue, Group, Indicator, Thresholds


def base_body(base: Base) -> dict[str, Any]:
    """A base as plain values; what is shown keeps its order."""
    plain = {**asdict(base), "tables": list(base.tables), "steps": list(base.steps)}
    return {**plain, "shows": [list(pair) for pair in base.shows.items()]}


def group_body(code: str, label: str, indicators: Sequence[Indicator]) -> dict[str, Any]:
    """A group as plain values."""
    return {"code": code, "label": label, "indicators": [_indicator_body(each) for each in indicators]}


def _indicator_body(indicator: Indicator) -> dict[str, Any]:
    limits = {**asdict(indicator.thresholds), "watch": list(indicator.thresholds.watch)}
    return {
        **asdict(indicator),
        "better": indicator.better.value,
        "levels": list(indicator.levels),
        "thresholds": limits,
    }


def catalogue_of(body: Mapping[str, Any]) -> Catalogue:
    """The catalogue that a body describes."""
    bases = {row["code"]: _base(row) for row in body["bases"]}
    indicators = {row["code"]: _indicator(row) for group in body["groups"] for row in group["indicators"]}
    groups = [
        Group(row["code"], row["label"], tuple(each["code"] for each in row["indicators"])) for row in body["groups"]
    ]
    return Catalogue(bases, tuple(groups), indicators)


def _base(row: Mapping[str, Any]) -> Base:
    shows = dict(row["shows"])
    return Base(**{**row, "tables": tuple(row["tables"]), "steps": tuple(row["steps"]), "shows": shows})


def _indicator(row: Mapping[str, Any]) -> Indicator:
    limits = Thresholds(**{**row["thresholds"], "watch": tuple(row["thresholds"]["watch"])})
    return Indicator(**{**row, "better": Better(row["better"]), "levels": tuple(row["levels"]), "thresholds": limits})
