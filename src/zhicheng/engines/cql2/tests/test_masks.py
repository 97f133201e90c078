"""What filters choose."""

import json

import pytest

from zhicheng.engines.cql2.tests.people import chosen


class TestMaskOf:
    @pytest.mark.parametrize(
        ("text", "houses"),
        [
            ("floors > 10", [0, 2]),
            ("floors >= 12 AND use = 'office'", [0, 2]),
            ("NOT floors > 10", [1]),
            ("floors IS NULL", [3]),
            ("name is not null and not (name = '莲花楼')", [1, 2]),
            ("name = 'O''Neil' OR \"floors\" = 5", [1, 2]),
            ("height_m BETWEEN 9 AND 18", [1, 3]),
            ("height_m NOT BETWEEN 9 AND 18", [0, 2]),
            ("use IN ('hotel', 'school')", [1, 3]),
            ("floors NOT IN (5, 30.0)", [2]),
            ("name LIKE '莲%'", [0]),
            ("CASEI(name) LIKE casei('CAF%')", [1]),
            ("ACCENTI(CASEI(name)) = ACCENTI(CASEI('cafe nord'))", [1]),
            ("elevator = TRUE", [0, 3]),
            ("elevator", [0, 3]),
            ("height_m / floors < 3.5", [0, 2]),
            ("floors % 7 = 5 AND floors div 2 = 2 AND -floors < +1 AND floors ^ 2 = 25", [1]),
            ("(floors + 2) * 2 = 28", [2]),
            ("floors > " + "-" * 3000 + "11", [0, 2]),
            ("floors < " + "+".join(["1"] * 100), [0, 1, 2]),
            ("TRUE", [0, 1, 2, 3]),
            ("1 = 2", []),
            ("floors = height_m OR floors * 0 = 0", [0, 1, 2]),
        ],
    )
    def test_compares_values(self, text: str, houses: list[int]) -> None:
        assert chosen(text) == houses

    @pytest.mark.parametrize(
        ("text", "houses"),
        [
            ("T_AFTER(opened_at, TIMESTAMP('2026-01-05T04:00:00Z'))", [2]),
            ("T_BEFORE(opened_at, DATE('2026-01-05'))", [0]),
            ("t_after(DATE('2026-01-05'), opened_at)", [0]),
            ("T_DURING(opened_at, INTERVAL('2026-01-01', '2026-01-06'))", [0, 1]),
            ("T_INTERSECTS(opened_at, INTERVAL('2026-01-05', '..'))", [1, 2]),
            ("T_DISJOINT(opened_at, INTERVAL('2026-01-05', '..'))", [0]),
            ("built_on = DATE('2026-01-05')", [1]),
            ("built_on < DATE('2026-01-05')", [0]),
            ("built_on <> DATE('2026-01-05')", [0, 2]),
            ("T_AFTER(built_on, DATE('2026-01-05'))", [2]),
            ("opened_at = INTERVAL('2026-01-05', '..')", [1, 2]),
            ("opened_at >= INTERVAL('..', '2026-01-05')", [0, 1, 2]),
            ("opened_at > INTERVAL('2026-01-05', '..')", []),
            ("T_EQUALS(opened_at, DATE('2026-01-09'))", [2]),
            ("T_AFTER(opened_at, INTERVAL('2026-01-05', '..'))", []),
            ("opened_at > DATE('2026-01-05')", [2]),
            ("opened_at >= TIMESTAMP('2026-01-05T12:00:00+08:00')", [1, 2]),
            ("opened_at = DATE('2026-01-05')", [1]),
            ("DATE('2026-01-05') <> opened_at", [0, 2]),
            ("opened_at BETWEEN DATE('2026-01-05') AND DATE('2026-01-09')", [1, 2]),
        ],
    )
    def test_compares_times(self, text: str, houses: list[int]) -> None:
        assert chosen(text) == houses

    @pytest.mark.parametrize(
        ("text", "houses"),
        [
            ("S_INTERSECTS(geometry, BBOX(113.9, 22.4, 114.0105, 22.6))", [0, 1]),
            ("S_WITHIN(geometry, POLYGON((113.9 22.4, 114.0105 22.4, 114.0105 22.6, 113.9 22.6, 113.9 22.4)))", [0]),
            ("S_CONTAINS(BBOX(113.9, 22.4, 114.0105, 22.6), geometry)", [0]),
            ("S_CONTAINS(geometry, POINT(114.0205 22.5005))", [2]),
            ("S_DISJOINT(geometry, BBOX(113.9, 22.4, 114.0105, 22.6))", [2, 3]),
            ("NOT S_INTERSECTS(geometry, POINT(114.0205 22.5005))", [0, 1, 3]),
            ("S_DWITHIN(geometry, POINT(114.0 22.5), 1030)", [0, 1]),
            ("DWITHIN(geometry, POINT(114.0 22.5), 0.9, kilometers)", [0]),
            ("S_INTERSECTS(geometry, POINT(114.0205 22.5005)) OR floors = 5", [1, 2]),
        ],
    )
    def test_compares_shapes(self, text: str, houses: list[int]) -> None:
        assert chosen(text) == houses

    def test_reads_json(self) -> None:
        circle = {"type": "Polygon", "coordinates": [[[113.9, 22.4], [114.03, 22.4], [114, 22.6], [113.9, 22.4]]]}
        said = {
            "op": "and",
            "args": [
                {"op": "in", "args": [{"property": "use"}, ["office", "hotel"]]},
                {"op": "s_intersects", "args": [{"property": "geometry"}, circle]},
                {"op": "t_before", "args": [{"property": "opened_at"}, {"timestamp": "2026-02-01T00:00:00Z"}]},
                {"op": ">", "args": [{"op": "*", "args": [{"property": "floors"}, 2]}, 9.5]},
            ],
        }
        assert chosen(json.dumps(said)) == [0, 1]
