"""The parts of a pack that cases understand: processes and calendars. Imported once, when Django starts."""

from zhicheng.core.cases.sections import calendars, processes

__all__ = ["calendars", "processes"]
