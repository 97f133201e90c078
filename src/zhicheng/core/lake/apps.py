"""Django registration of `lake`."""

from django.apps import AppConfig


class LakeConfig(AppConfig):
    """The lake: see the package docstring."""

    name = "zhicheng.core.lake"
    label = "lake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the part of a pack that the lake reads, and the receiver of events."""
        from zhicheng.core.lake import receivers  # noqa: F401
        from zhicheng.core.lake.sections import register

        register()
