"""Django registration of `parties`."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Parties: see the package docstring."""

    name = "zhicheng.core.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"
