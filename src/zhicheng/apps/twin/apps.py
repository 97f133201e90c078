"""Django registration of `twin`."""

from django.apps import AppConfig


class TwinConfig(AppConfig):
    """See the package docstring."""

    name = "zhicheng.apps.twin"
    label = "twin"
    default_auto_field = "django.db.models.BigAutoField"
