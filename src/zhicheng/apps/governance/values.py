"""Typed values of governance."""
