"""Errors of governance."""
