"""Django registration of `cases`."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases: see the package docstring."""

    name = "zhicheng.core.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
