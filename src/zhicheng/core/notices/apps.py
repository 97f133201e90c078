"""Django registration of `notices`."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notices: see the package docstring."""

    name = "zhicheng.core.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
