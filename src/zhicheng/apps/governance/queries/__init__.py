"""Reads of governance: the catalogue, values, series, explanations."""
