"""Django registration of `services`."""

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    """Registers the part of a pack that services read."""

    name = "zhicheng.apps.services"
    label = "services"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself."""
        from zhicheng.apps.services import sections  # noqa: F401
