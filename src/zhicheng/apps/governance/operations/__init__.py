"""Writes of governance: computing indicators, telling of crossed thresholds, sampling the platform."""
