"""The parts of a pack that benefits understand. Imported once, when Django starts."""

from zhicheng.apps.benefits.sections import benefits, groups, messages

__all__ = ["benefits", "groups", "messages"]
