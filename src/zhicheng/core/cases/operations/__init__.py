"""Writes of cases beside the gate: files, and telling people."""
