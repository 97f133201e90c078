"""Tables of knowledge."""

from zhicheng.core.knowledge.models.classifier import Classifier
from zhicheng.core.knowledge.models.confirmed import ConfirmedExample
from zhicheng.core.knowledge.models.document import Document, Gathered, KnowledgeBase, Passage

__all__ = ["Classifier", "ConfirmedExample", "Document", "Gathered", "KnowledgeBase", "Passage"]
