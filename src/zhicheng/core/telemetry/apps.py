"""Django registration of `telemetry`."""

from django.apps import AppConfig


class TelemetryConfig(AppConfig):
    """See the package docstring."""

    name = "zhicheng.core.telemetry"
    label = "telemetry"
    default_auto_field = "django.db.models.BigAutoField"
