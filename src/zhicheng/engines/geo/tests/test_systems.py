"""Coordinate systems by name, and which of them are taken for WGS84."""

import numpy as np
import pytest
from pyproj import CRS

from zhicheng.engines.geo.systems import UnknownSystem, to_wgs84

CENTRE = np.array([[114.0, 22.5]])


class TestToWgs84:
    @pytest.mark.parametrize("name", ["EPSG:4490", "4326", "OGC:CRS84", CRS("EPSG:4490").to_wkt("WKT1_ESRI")])
    def test_leaves_what_is_wgs84_already(self, name: str):
        assert to_wgs84(name)(CENTRE).tolist() == CENTRE.tolist()

    @pytest.mark.parametrize("name", ["4547", CRS("EPSG:4547").to_wkt("WKT1_ESRI"), CRS("EPSG:4547").to_json()])
    def test_undoes_the_projection_of_a_belt(self, name: str):
        assert to_wgs84(name)(np.array([[500_000.0, 2_500_000.0]])) == pytest.approx(np.array([[114.0, 22.597823]]))

    @pytest.mark.parametrize("name", ["4214", "EPSG:2436", "4610", "EPSG:2383", CRS("EPSG:4610").to_wkt(), "atlantis"])
    def test_refuses_what_lies_a_hundred_metres_off_or_nobody_knows(self, name: str):
        with pytest.raises(UnknownSystem):
            to_wgs84(name)
