"""A provider that never delivers."""
