"""A model server for tests and demonstrations."""
