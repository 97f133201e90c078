"""Writes: install a pack, pin a definition."""
