"""Writes of telemetry."""
