"""Typed values of telemetry."""
