"""Reads of knowledge: search, documents, what a text is about."""
