"""Writes of forms."""
