"""The part of a pack that governance reads: indicators, and the messages they need."""

from zhicheng.apps.governance.sections import indicators, messages  # noqa: F401
