"""Reads of places, each subject in its module."""
