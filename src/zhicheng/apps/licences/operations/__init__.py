"""Writes of licences."""
