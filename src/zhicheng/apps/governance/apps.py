"""Django registration of `governance`."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """Registers the part of a pack that defines indicators."""

    name = "zhicheng.apps.governance"
    label = "governance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself."""
        from zhicheng.apps.governance import sections  # noqa: F401
