"""Writes of parties, one subject a file."""
