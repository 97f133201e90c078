import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.engines.geo.coordinates import (
    bd09_to_gcj02,
    bd09_to_wgs84,
    cgcs2000_to_wgs84,
    gauss_kruger_to_geographic,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    geographic_to_gauss_kruger,
    is_in_china,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

# Source: googollee/eviltransform, tests (WGS84 and GCJ-02 as longitude, latitude)
EVILTRANSFORM = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),  # Shanghai
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),  # Shenzhen
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),  # Beijing
]
# Inside the rectangle by more than the shift, so that no point crosses its border.
in_china = st.tuples(st.floats(73.0, 136.8), st.floats(2.0, 54.8))
around_shenzhen = st.tuples(st.floats(112.5, 115.5), st.floats(21.5, 24.0))


class TestWgs84ToGcj02:
    @pytest.mark.parametrize(("wgs84", "gcj02"), EVILTRANSFORM)
    def test_agrees_with_eviltransform(self, wgs84, gcj02):
        assert wgs84_to_gcj02(*wgs84) == pytest.approx(gcj02, abs=1e-9)

    def test_agrees_with_coordtransform(self):  # Source: wandergis/coordtransform, README
        expected = (116.41024449916938, 39.91640428150164)
        assert wgs84_to_gcj02(116.404, 39.915) == pytest.approx(expected, abs=1e-9)

    @pytest.mark.parametrize("point", [(2.35, 48.85), (-122.4, 37.8), (151.2, -33.9), (0.0, 90.0)])
    def test_leaves_points_outside_china_alone(self, point):
        assert wgs84_to_gcj02(*point) == point
        assert gcj02_to_wgs84(*point) == point
        assert not is_in_china(*point)


class TestGcj02ToWgs84:
    @given(in_china)
    def test_undoes_the_shift_within_a_ten_millionth_of_a_degree(self, point):
        assert gcj02_to_wgs84(*wgs84_to_gcj02(*point)) == pytest.approx(point, abs=1e-7)

    @pytest.mark.parametrize(("wgs84", "gcj02"), EVILTRANSFORM)
    def test_agrees_with_eviltransform(self, wgs84, gcj02):
        assert gcj02_to_wgs84(*gcj02) == pytest.approx(wgs84, abs=1e-7)


class TestBd09:
    def test_agrees_with_coordtransform(self):  # Source: wandergis/coordtransform, README
        expected = (116.41036949371029, 39.92133699351021)
        assert gcj02_to_bd09(116.404, 39.915) == pytest.approx(expected, abs=1e-9)
        # their inverse is not iterated: it is a metre off, ours is not
        assert bd09_to_gcj02(116.404, 39.915) == pytest.approx((116.39762729119315, 39.90865673957631), abs=1e-5)

    @given(in_china)
    def test_round_trip(self, point):
        assert bd09_to_gcj02(*gcj02_to_bd09(*point)) == pytest.approx(point, abs=1e-7)
        assert bd09_to_wgs84(*wgs84_to_bd09(*point)) == pytest.approx(point, abs=1e-7)


class TestArrays:
    @pytest.mark.parametrize("convert", [wgs84_to_gcj02, gcj02_to_wgs84, gcj02_to_bd09, bd09_to_wgs84])
    def test_give_what_single_points_give(self, convert):
        rng = np.random.default_rng(1)
        longitude, latitude = rng.uniform(60, 140, 200), rng.uniform(-10, 60, 200)
        east, north = convert(longitude, latitude)
        single = np.array([convert(float(x), float(y)) for x, y in zip(longitude, latitude, strict=True)])
        np.testing.assert_allclose(np.column_stack([east, north]), single, atol=1e-9)

    def test_keep_nan_and_emptiness(self):
        east, north = wgs84_to_gcj02(np.array([math.nan, 114.0]), np.array([22.5, 22.5]))
        assert np.isnan(east).tolist() == [True, False]
        assert not np.isnan(north[1])
        assert wgs84_to_gcj02(np.empty(0), np.empty(0))[0].shape == (0,)


class TestGaussKruger:
    def test_measures_from_the_meridian_114(self):
        assert geographic_to_gauss_kruger(114.0, 0.0) == pytest.approx((500_000.0, 0.0), abs=1e-6)
        assert geographic_to_gauss_kruger(114.0, 0.0, zone_prefix=True)[0] == pytest.approx(38_500_000.0)

    def test_agrees_with_the_series_of_the_meridian_arc(self):
        # Source: GRS80 meridian arc, Helmert series in n = f / (2 - f) (Deakin & Hunter 2010), at 22.5°
        flattening = 1 / 298.257222101
        n, phi = flattening / (2 - flattening), math.radians(22.5)
        arc = (
            6378137.0
            / (1 + n)
            * (
                (1 + n**2 / 4 + n**4 / 64) * phi
                - 1.5 * (n - n**3 / 8) * math.sin(2 * phi)
                + 15 / 16 * (n**2 - n**4 / 4) * math.sin(4 * phi)
                - 35 / 48 * n**3 * math.sin(6 * phi)
            )
        )
        assert geographic_to_gauss_kruger(114.0, 22.5)[1] == pytest.approx(arc, abs=1e-3)

    @given(around_shenzhen, st.booleans())
    def test_round_trip(self, point, zone_prefix):
        projected = geographic_to_gauss_kruger(*point, zone_prefix=zone_prefix)
        assert gauss_kruger_to_geographic(*projected, zone_prefix=zone_prefix) == pytest.approx(point, abs=1e-9)

    def test_geographic_cgcs2000_counts_as_wgs84(self):
        assert cgcs2000_to_wgs84(114.05, 22.54) == (114.05, 22.54)
