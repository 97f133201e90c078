"""SensorThings over HTTP."""

from zhicheng.core.telemetry.api.views import sensor_things

__all__ = ["sensor_things"]
