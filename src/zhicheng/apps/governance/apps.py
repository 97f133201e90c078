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
        from zhicheng.apps.governance.queries.asked import AskedIndicators
        from zhicheng.apps.twin.public import indicator_sources

        indicator_sources.add("governance", AskedIndicators())
