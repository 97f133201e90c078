"""What a pack says to knowledge: everyday questions with their answers, and what people call things."""

from zhicheng.core.knowledge.sections import faqs, synonyms


def register() -> None:
    """Register both sections."""
    faqs.register()
    synonyms.register()
