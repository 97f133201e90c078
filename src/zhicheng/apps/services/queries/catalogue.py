"""The catalogue of the installed pack, kept in the process per release."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from zhicheng.apps.services.policy import Catalogue
from zhicheng.apps.services.values import (
    LegalBasis,
    LifeEvent,
    MaterialNeed,
    MaterialType,
    ServiceItem,
    Theme,
    ThemeStep,
    Waiver,
    Window,
)
from zhicheng.core.packs.public import DefinitionUnknown, current_definition, current_release, get_definition

CATALOGUE = "service_catalogue"


def get_catalogue() -> Catalogue:
    """What the city offers; empty where the pack has no services."""
    return _catalogue(current_release().id)


def catalogue_of(digest: str) -> Catalogue:
    """The catalogue that was pinned under a hash: a case is done by the guide that it was applied for under."""
    return _pinned(digest)


@lru_cache(maxsize=2)
def _catalogue(_release: int) -> Catalogue:
    try:
        return _pinned(catalogue_hash())
    except DefinitionUnknown:
        return Catalogue(items=())


@lru_cache(maxsize=4)
def _pinned(digest: str) -> Catalogue:
    body = get_definition(digest).body
    events = sorted(body["life_events"], key=lambda row: int(row["order"]))
    return Catalogue(
        items=[item_value(row) for row in body["items"]],
        themes=[theme_value(row) for row in sorted(body["themes"], key=lambda row: int(row.get("order", 100)))],
        life_events=[LifeEvent(**{k: v for k, v in row.items() if k != "order"}) for row in events],
        materials=[MaterialType(**row) for row in body["materials"]],
        waivers=[Waiver(**row) for row in body.get("waivers", ())],
    )


def item_value(row: Mapping[str, Any]) -> ServiceItem:
    """An item from its pinned form."""
    return ServiceItem(
        **{
            **row,
            "legal_basis": [LegalBasis(**each) for each in row["legal_basis"]],
            "materials": [MaterialNeed(**each) for each in row["materials"]],
            "windows": [Window(**each) for each in row["windows"]],
        }
    )


def theme_value(row: Mapping[str, Any]) -> Theme:
    """A theme from its pinned form."""
    steps = [ThemeStep(**step) for step in row["items"]]
    kept = {key: value for key, value in row.items() if key not in {"items", "order"}}
    return Theme(**kept, steps=steps)


def catalogue_hash() -> str:
    """The hash of the current catalogue, by which a case finds the guide it was applied under."""
    return current_definition(CATALOGUE, CATALOGUE).hash
