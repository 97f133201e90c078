"""Django registration of `forms`."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Forms: see the package docstring."""

    name = "zhicheng.core.forms"
    label = "forms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the sections of a pack and the sources that come with the house."""
        from zhicheng.core.forms.sections import register

        register()
