"""The hybrid index: files in a folder, derived from documents and from nothing else. Knows no database."""

from zhicheng.core.knowledge.gate.index import KnowledgeIndex

__all__ = ["KnowledgeIndex"]
