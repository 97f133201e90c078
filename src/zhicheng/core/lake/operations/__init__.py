"""Writes of the lake: whole tables, rows that programs made, and ingests that check every row."""
