"""Divisions and grids: what is here, where an address lies."""
