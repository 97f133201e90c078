"""Reads of forms."""
