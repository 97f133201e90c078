"""Tables of places. Outlines are WKB in WGS84: they are read whole into memory, never queried in SQL."""

from zhicheng.core.places.models.area import AtlasRevision, Grid, Surrounding
from zhicheng.core.places.models.division import Division
from zhicheng.core.places.models.landmark import Landmark

__all__ = ["AtlasRevision", "Division", "Grid", "Landmark", "Surrounding"]
