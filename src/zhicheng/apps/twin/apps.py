"""Django registration of `twin`."""

from django.apps import AppConfig


class TwinConfig(AppConfig):
    """Registers the parts of a pack that the twin reads."""

    name = "zhicheng.apps.twin"
    label = "twin"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself."""
        from zhicheng.apps.twin import sections

        sections.register()
