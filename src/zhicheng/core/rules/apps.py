"""Django registration of `rules`."""

from django.apps import AppConfig


class RulesConfig(AppConfig):
    """Registers the sections of a pack that hold rules, and the kind of test for them."""

    name = "zhicheng.core.rules"
    label = "rules"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself."""
        from zhicheng.core.rules import receivers, sections  # noqa: F401
