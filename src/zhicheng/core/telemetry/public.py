"""The door of telemetry: devices, readings, alarms."""

__all__: list[str] = []
