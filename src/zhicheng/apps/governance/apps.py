"""Django registration of `governance`."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """See the package docstring."""

    name = "zhicheng.apps.governance"
    label = "governance"
    default_auto_field = "django.db.models.BigAutoField"
