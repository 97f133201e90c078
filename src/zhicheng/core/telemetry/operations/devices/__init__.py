"""Devices written: registered, approved, maintained, retired, their keys."""
