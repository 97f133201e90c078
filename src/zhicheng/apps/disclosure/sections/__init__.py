"""The parts of a pack that disclosure reads: its terms, the messages that it sends."""

from zhicheng.apps.disclosure.sections import messages, terms

__all__ = ["messages", "terms"]
