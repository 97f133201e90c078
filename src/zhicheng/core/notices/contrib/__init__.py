"""Providers that come with the house."""
