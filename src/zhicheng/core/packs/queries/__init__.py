"""Reads: pack folders, the installed pack, definitions, differences."""
