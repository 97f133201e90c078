"""The parts of a pack that appeals understand. Imported once, when Django starts."""

from zhicheng.apps.appeals.sections import examples, levels, messages, responsibilities, selftests, taxonomy

__all__ = ["examples", "levels", "messages", "responsibilities", "selftests", "taxonomy"]
