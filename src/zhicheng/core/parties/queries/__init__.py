"""Reads of parties, one subject a file."""
