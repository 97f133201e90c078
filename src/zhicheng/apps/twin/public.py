"""The only door to the twin."""

from zhicheng.apps.twin.base.commands import gather_words, source_of

__all__ = ["gather_words", "source_of"]
