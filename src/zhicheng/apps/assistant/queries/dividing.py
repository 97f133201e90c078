"""Divisions by the names that people say."""

from collections.abc import Iterator
from functools import lru_cache

from zhicheng.core.packs.public import current_release
from zhicheng.core.places.errors import PlacesNotInstalled
from zhicheng.core.places.public import list_divisions
from zhicheng.engines.dialogue.divisions import Division, DivisionNames
from zhicheng.engines.dialogue.readers import Resolve


def resolver() -> Resolve:
    """What looks up divisions for a form; addresses stay as they were said, the form locates them."""
    names = _names(current_release().id)
    return lambda kind, text: {"division": names.find, "division_name": names.name_of}.get(kind, str)(text)


@lru_cache(maxsize=2)
def _names(_release: int) -> DivisionNames:
    try:
        return DivisionNames(list(_below(None)))
    except PlacesNotInstalled:
        return DivisionNames([])


def _below(parent: str | None) -> Iterator[Division]:
    for one in list_divisions(parent):
        yield Division(one.code, one.name, one.level, one.parent or "")
        yield from _below(one.code)
