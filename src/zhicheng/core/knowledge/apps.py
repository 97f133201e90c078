"""Django registration of `knowledge`."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """Knowledge: see the package docstring."""

    name = "zhicheng.core.knowledge"
    label = "knowledge"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the parts of a pack that knowledge reads."""
        from zhicheng.core.knowledge.sections import register

        register()
