"""Searching the catalogue in everyday words: an index in the process, made again for each release."""

from functools import lru_cache

from zhicheng.apps.services.policy import Catalogue
from zhicheng.apps.services.queries.catalogue import get_catalogue
from zhicheng.apps.services.values import CatalogueFilter, Found, ItemPage, ServiceItem, Theme
from zhicheng.core.packs.public import current_release
from zhicheng.engines.text.lookup import Entry, Lookup

_NAME, _EVERYDAY, _ABOUT = 3.0, 2.5, 0.6
_THEME_FIRST = 1.15  # of a theme and its item that fit alike, the theme saves more


def search_catalogue(query: str, *, limit: int = 20) -> list[Found]:
    """Themes and items for a query, the best first."""
    catalogue = get_catalogue()
    return rank(index_of(current_release().id), catalogue, query, limit)


def rank(index: Lookup, catalogue: Catalogue, query: str, limit: int) -> list[Found]:
    """What the index finds, with labels; themes a little before items that fit as well."""
    found = []
    for key, score in index.search(query, limit=limit + 10):
        kind, _, code = key.partition(":")
        label = catalogue.themes[code].label if kind == "theme" else catalogue.items[code].label
        found.append(Found(kind, code, label, score * (_THEME_FIRST if kind == "theme" else 1.0)))
    return sorted(found, key=lambda each: -each.score)[:limit]


def list_items(wanted: CatalogueFilter) -> ItemPage:
    """A page of items, narrowed; with `text`, the best matches first. `after` counts what came before."""
    catalogue = get_catalogue()
    narrowed = catalogue.browse(
        audience=wanted.audience, life_event=wanted.life_event, department=wanted.department, online=wanted.online
    )
    if wanted.text:
        order = {hit.code: place for place, hit in enumerate(search_catalogue(wanted.text, limit=200))}
        narrowed = sorted((item for item in narrowed if item.code in order), key=lambda item: order[item.code])
    shown = narrowed[wanted.after : wanted.after + wanted.limit]
    end = wanted.after + len(shown)
    return ItemPage(shown, len(narrowed), end if end < len(narrowed) else 0)


@lru_cache(maxsize=1)
def index_of(_release: int) -> Lookup:
    """The index of the installed catalogue."""
    return make_index(get_catalogue())


def make_index(catalogue: Catalogue) -> Lookup:
    """An index over the items and themes of a catalogue."""
    themes = [Entry(f"theme:{theme.code}", _theme_fields(theme)) for theme in catalogue.themes.values()]
    return Lookup([*themes, *(Entry(f"item:{item.code}", _item_fields(item)) for item in catalogue.items.values())])


def _theme_fields(theme: Theme) -> list[tuple[str, float]]:
    return [(theme.label, _NAME), (" ".join(theme.keywords), _EVERYDAY), (theme.summary, _ABOUT)]


def _item_fields(item: ServiceItem) -> list[tuple[str, float]]:
    return [(item.label, _NAME), (" ".join(item.keywords), _EVERYDAY), (item.result, _ABOUT)]
