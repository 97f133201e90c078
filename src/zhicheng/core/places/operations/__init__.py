"""Writes of places, each subject in its module."""
