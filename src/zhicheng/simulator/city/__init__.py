"""A seeded city of full size: parcels, buildings, housing units, addresses, roads and facilities, as Parquet.

Deterministic: the same pack, seed and order give the same bytes, in any number of processes; a cut holds the same
objects as the whole. Everything here is simulated; what has a source is named in the pack's `layers/city/figures.yaml`.
"""
