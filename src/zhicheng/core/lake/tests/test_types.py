"""Reals, instants and geometries: what is taken, what is refused, and what a query gives back."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
import shapely

from zhicheng.core.lake.policy.casting import cast_batch
from zhicheng.core.lake.public import connect, ingest, list_rejections
from zhicheng.core.lake.tests.conftest import CLERK, NOW
from zhicheng.core.lake.values import Column, ColumnType, EntityTable, Reason

SQUARE = "POLYGON ((114 22, 114.1 22, 114.1 22.1, 114 22, 114 22))"
TABLE = EntityTable(
    "house",
    "房屋",
    "house_key",
    "测试库",
    (
        Column("house_key", "键", ColumnType.TEXT, nullable=False),
        Column("height_m", "高度", ColumnType.REAL, unit="米", least=0, most=1000),
        Column("seen_at", "更新时间", ColumnType.TIMESTAMP),
        Column("geometry", "图形", ColumnType.GEOMETRY),
    ),
)


def cast_one(column: str, cell: object, kind: pa.DataType | None = None) -> tuple[object, list[Reason]]:
    batch = pa.record_batch({"house_key": ["a"], column: pa.array([cell], kind)})
    cast = cast_batch(batch, TABLE)
    return cast.batch.column(column)[0].as_py(), [finding.reason for finding in cast.findings]


class TestReal:
    @pytest.mark.parametrize(("cell", "value"), [("1", 1.0), ("+2.50", 2.5), (".5", 0.5), ("1e2", 100.0), ("", None)])
    def test_is_read_from_text(self, cell: str, value: float | None) -> None:
        assert cast_one("height_m", cell) == (value, [])

    @pytest.mark.parametrize("cell", ["NaN", "inf", "1e999", "-Infinity", "1,5", "tall", float("nan"), float("inf")])
    def test_is_refused_where_it_is_not_finite(self, cell: object) -> None:
        assert cast_one("height_m", cell) == (None, [Reason.WRONG_TYPE])

    def test_has_bounds(self) -> None:
        assert cast_one("height_m", 1000.5) == (None, [Reason.OUT_OF_RANGE])

    def test_is_taken_from_other_numbers(self) -> None:
        assert cast_one("height_m", 7, pa.int64()) == (7.0, [])
        assert cast_one("height_m", 7.5, pa.float32()) == (7.5, [])


class TestTimestamp:
    @pytest.mark.parametrize(
        "cell",
        ["2026-01-05T04:00:00Z", "2026-01-05 12:00:00+08:00", "2026-01-05 12:00", "2026-01-05T12:00:00.000"],
    )
    def test_is_an_instant_and_without_an_offset_chinas_time(self, cell: str) -> None:
        assert cast_one("seen_at", cell) == (datetime(2026, 1, 5, 4, tzinfo=UTC), [])

    @pytest.mark.parametrize("cell", ["2026-02-30 12:00", "2026-01-05", "soon", "2026-01-05 25:00", "0001-01-01 00:00"])
    def test_is_refused_where_it_is_none(self, cell: str) -> None:
        assert cast_one("seen_at", cell) == (None, [Reason.WRONG_TYPE])

    def test_is_taken_from_typed_instants(self) -> None:
        noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
        assert cast_one("seen_at", noon.replace(tzinfo=None), pa.timestamp("ns")) == (
            datetime(2026, 1, 5, 4, tzinfo=UTC),
            [],
        )
        assert cast_one("seen_at", noon, pa.timestamp("s", "UTC")) == (noon, [])


class TestGeometry:
    @pytest.mark.parametrize(
        "cell",
        [
            "POINT (114 22.5)",
            "POINT Z (114 22.5 30)",
            '{"type": "Point", "coordinates": [114, 22.5]}',
            b"POINT (114 22.5)",
            shapely.to_wkb(shapely.Point(114, 22.5)),
            shapely.to_wkb(shapely.Point(114, 22.5), byte_order=0),
            shapely.to_wkb(shapely.Point(114, 22.5), hex=True),
        ],
    )
    def test_is_taken_in_every_usual_form(self, cell: object) -> None:
        found, reasons = cast_one("geometry", cell)
        assert isinstance(found, bytes)
        assert shapely.from_wkb(found).equals(shapely.Point(114, 22.5))
        assert reasons == []

    @pytest.mark.parametrize(
        "cell",
        [
            "POINT (114",
            "here",
            "{}",
            '{"type": "Feature"}',
            b"\x01\x02",
            "POINT (NaN 22)",
            '{"type": "Point"}',
            b"\xff",
        ],
    )
    def test_is_refused_where_it_is_none(self, cell: object) -> None:
        assert cast_one("geometry", cell) == (None, [Reason.WRONG_TYPE])

    def test_may_be_missing(self) -> None:
        assert cast_one("geometry", "") == (None, [])


@pytest.mark.django_db
class TestStored:
    def test_comes_back_from_a_query(self) -> None:
        rows = [
            {"house_key": "a", "height_m": "3.5", "seen_at": "2026-01-05 00:30", "geometry": SQUARE},
            {"house_key": "b"},
        ]
        ingest(TABLE, pa.Table.from_pylist(rows), actor=CLERK, now=NOW)
        with connect(["house"]) as lake:
            table = lake.table("SELECT *, CAST(date_trunc('day', seen_at) AS DATE) AS day FROM house ORDER BY 1")
        first, second = table.to_pylist()
        assert (first["height_m"], first["day"].isoformat()) == (3.5, "2026-01-05")
        assert first["seen_at"] == datetime(2026, 1, 4, 16, 30, tzinfo=UTC)
        assert shapely.from_wkb(first["geometry"]).equals(shapely.from_wkt(SQUARE))
        assert list(second.values())[1:] == [None] * 4

    def test_is_read_from_an_empty_table_too(self) -> None:
        ingest(TABLE, pa.table({"house_key": pa.array([], pa.string())}), actor=CLERK, now=NOW)
        with connect(["house"]) as lake:
            assert lake.execute("SELECT height_m, seen_at, geometry FROM house").fetchall() == []

    def test_lists_what_was_refused(self) -> None:
        rows = [{"house_key": "a", "geometry": b"\x01\x02"}]
        report = ingest(TABLE, pa.Table.from_pylist(rows), actor=CLERK, now=NOW)
        assert [found.column for found in list_rejections(report.id)] == ["geometry"]
