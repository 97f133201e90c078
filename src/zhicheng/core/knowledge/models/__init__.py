"""Tables of knowledge."""

from zhicheng.core.knowledge.models.classifier import Classifier
from zhicheng.core.knowledge.models.confirmed import ConfirmedExample

__all__ = ["Classifier", "ConfirmedExample"]
