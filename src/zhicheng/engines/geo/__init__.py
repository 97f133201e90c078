"""Geometry of a city: coordinate systems, locating points, partitioning areas, hints about odd coordinates.

Pure: numpy, shapely and pyproj only. What a division is, and where its outline comes from, belongs to `core.places`.
"""
