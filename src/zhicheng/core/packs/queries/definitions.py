"""Pinned definitions by hash, and those that the installed pack uses now."""

from functools import lru_cache
from types import MappingProxyType

from zhicheng.core.packs.errors import DefinitionUnknown
from zhicheng.core.packs.models import Definition, DefinitionUse
from zhicheng.core.packs.queries.installed import current_release
from zhicheng.core.packs.values import PinnedDefinition


@lru_cache(maxsize=4096)
def get_definition(digest: str) -> PinnedDefinition:
    """A definition by its hash, from any release; kept in the process, because it never changes.

    Raises:
        DefinitionUnknown: there is none.
    """
    row = Definition.objects.filter(pk=digest).first()
    if row is None:
        raise DefinitionUnknown(name=digest)
    return definition_value(row)


def current_definition(kind: str, code: str) -> PinnedDefinition:
    """The definition that the installed pack gives to a kind and code.

    Raises:
        NoPackInstalled: the city has none yet.
        DefinitionUnknown: the installed pack has no such definition.
    """
    return get_definition(_current_hash(current_release().id, kind, code))


def list_definitions(kind: str) -> list[PinnedDefinition]:
    """The definitions of one kind in the installed pack, by code.

    Raises:
        NoPackInstalled: the city has none yet.
    """
    uses = DefinitionUse.objects.filter(release_id=current_release().id, kind=kind)
    return [definition_value(use.definition) for use in uses.select_related("definition").order_by("code")]


def definition_value(row: Definition) -> PinnedDefinition:
    """A definition row as a value whose body cannot be changed by accident."""
    return PinnedDefinition(row.hash, row.kind, row.code, row.label, MappingProxyType(row.body))


@lru_cache(maxsize=4096)
def _current_hash(release_id: int, kind: str, code: str) -> str:
    use = DefinitionUse.objects.filter(release_id=release_id, kind=kind, code=code).first()
    if use is None:
        raise DefinitionUnknown(name=f"{kind} {code}")
    return str(use.definition_id)
