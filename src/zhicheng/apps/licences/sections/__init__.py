"""The part of a pack that licences read."""

from zhicheng.apps.licences.sections import types

__all__ = ["types"]
