"""Writes of rules: bulk runs."""
