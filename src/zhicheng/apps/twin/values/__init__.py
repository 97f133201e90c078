"""Typed values of twin."""
