"""Django registration of `cases`."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Registers the sections of a pack and the receivers of events."""

    name = "zhicheng.core.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself."""
        from zhicheng.core.cases import receivers, sections  # noqa: F401
