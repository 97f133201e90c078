"""Tables of packs."""

from zhicheng.core.packs.models.definition import Definition, DefinitionUse
from zhicheng.core.packs.models.release import Release

__all__ = ["Definition", "DefinitionUse", "Release"]
