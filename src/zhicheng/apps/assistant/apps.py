"""Django registration of `assistant`."""

from django.apps import AppConfig


class AssistantConfig(AppConfig):
    """Registers the sections of a pack and what follows a rotation of keys."""

    name = "zhicheng.apps.assistant"
    label = "assistant"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself."""
        from zhicheng.apps.assistant import receivers, sections  # noqa: F401
        from zhicheng.apps.assistant.contrib.sources import sources
        from zhicheng.apps.assistant.operations.resealing import reseal_conversations
        from zhicheng.core.knowledge.public import document_sources
        from zhicheng.core.parties.public import sealed_rows

        for code, source in sources().items():
            document_sources.add(code, source)
        sealed_rows.add("assistant", reseal_conversations)
