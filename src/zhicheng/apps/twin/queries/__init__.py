"""Reads of the twin."""
