"""The parts of a pack that the assistant understands. Imported once, when Django starts."""

from zhicheng.apps.assistant.sections import messages, terms

__all__ = ["messages", "terms"]
