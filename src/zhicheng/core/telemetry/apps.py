"""Django registration of `telemetry`."""

from django.apps import AppConfig


class TelemetryConfig(AppConfig):
    """See the package docstring."""

    name = "zhicheng.core.telemetry"
    label = "telemetry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the part of a pack, the receivers of events, and what runs in the collector."""
        from zhicheng.core.telemetry import receivers  # noqa: F401
        from zhicheng.core.telemetry.operations.alarms.watching import watch_batch
        from zhicheng.core.telemetry.operations.devices.candidates import note_unknown
        from zhicheng.core.telemetry.registry import after_batch, unknown_streams
        from zhicheng.core.telemetry.sections import register

        register()
        after_batch.add("alarms", watch_batch)
        unknown_streams.add("candidates", note_unknown)
