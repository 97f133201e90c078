"""Writes of knowledge: documents and their index, classifiers and what they learn from."""
