"""Writes of services."""
