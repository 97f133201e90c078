"""Errors of telemetry."""
