"""Writes of the assistant, and the answering itself."""
