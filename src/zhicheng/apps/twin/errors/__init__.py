"""Errors of twin."""
