"""Django registration of `appeals`."""

from django.apps import AppConfig


class AppealsConfig(AppConfig):
    """Appeals: see the package docstring."""

    name = "zhicheng.apps.appeals"
    label = "appeals"
    default_auto_field = "django.db.models.BigAutoField"
