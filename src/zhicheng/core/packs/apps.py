"""Django registration of `packs`."""

from django.apps import AppConfig


class PacksConfig(AppConfig):
    """Packs: see the package docstring."""

    name = "zhicheng.core.packs"
    label = "packs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the sections that packs owns, before those of any package above."""
        from zhicheng.core.packs.sections import register

        register()
