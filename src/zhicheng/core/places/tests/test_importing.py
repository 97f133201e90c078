"""Files as people send them: every format, every coordinate system, every mistake."""

import errno
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from zhicheng.core.lake.errors import SourceUnreadable
from zhicheng.core.lake.public import list_rejections
from zhicheng.core.lake.values import IngestReport, Reason
from zhicheng.core.places.errors import DiskFull, LayerRefused
from zhicheng.core.places.gate import building
from zhicheng.core.places.operations import importing
from zhicheng.core.places.policy.shaping import Shaper
from zhicheng.core.places.public import LayerFile, get_layer, install_layer, open_layer, rebuild_layer
from zhicheng.core.places.tests.hamlet import CLERK, HOUSES, NOW, SOUTH, STEP, WEST, fill, house
from zhicheng.engines.geo.coordinates import wgs84_to_bd09, wgs84_to_gcj02

pytestmark = pytest.mark.usefixtures("hamlet")
BOX = "POLYGON ((114 22.5, 114.0006 22.5, 114.0006 22.5006, 114 22.5006, 114 22.5))"


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "city_bounds", lambda: (113.9, 22.4, 114.2, 22.7))


def install(code: str, file: Path | LayerFile | pa.Table) -> IngestReport:
    return install_layer(code, file, actor=CLERK, now=NOW)


def write_geojson(path: Path, rows: list[dict], **more: object) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {key: value for key, value in row.items() if key not in {"geometry", "seen_at"}},
            "geometry": row["geometry"]
            if isinstance(row["geometry"], dict | None)
            else json.loads(shapely.to_geojson(shapely.from_wkb(row["geometry"]))),
        }
        for row in rows
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", **more, "features": features}), encoding="utf-8")
    return path


def write_vector(path: Path, crs: str, move=lambda xy: xy) -> Path:
    shapes = shapely.transform(shapely.from_wkb([row["geometry"] for row in HOUSES[:5]]), move)
    table = pa.table(
        {
            "house_key": [row["house_key"] for row in HOUSES[:5]],
            "geometry": pa.array(shapely.to_wkb(shapes), pa.binary()),
        }
    )
    pyogrio.write_arrow(table, path, geometry_name="geometry", geometry_type="Polygon", crs=crs)
    return path


def zipped(path: Path) -> Path:
    with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
        for part in path.parent.glob(f"{path.stem}.*"):
            if part.suffix != ".zip":
                archive.write(part, f"数据/{part.name}")
    return path.with_suffix(".zip")


class TestFormats:
    def first_centre(self) -> list[float]:
        reader = open_layer("house")
        return reader.centres(np.array([reader.row_of("H000")]))[0].round(6).tolist()

    def test_takes_geojson(self, tmp_path: Path) -> None:
        report = install("house", write_geojson(tmp_path / "houses.geojson", HOUSES))
        assert (report.read, report.accepted) == (100, 100)
        assert self.first_centre() == [114.0003, 22.5003]

    @pytest.mark.parametrize("name", ["houses.shp", "houses.gpkg"])
    def test_takes_shapefile_and_geopackage(self, name: str, tmp_path: Path) -> None:
        assert install("house", write_vector(tmp_path / name, "EPSG:4490")).accepted == 5
        assert self.first_centre() == [114.0003, 22.5003]

    def test_takes_a_zipped_shapefile(self, tmp_path: Path) -> None:
        assert install("house", zipped(write_vector(tmp_path / "houses.shp", "EPSG:4326"))).accepted == 5

    def test_takes_geoparquet(self, tmp_path: Path) -> None:
        table = pa.table({"house_key": ["H000"], "shape": [HOUSES[0]["geometry"]]})
        geo = {"version": "1.0.0", "primary_column": "shape", "columns": {"shape": {"encoding": "WKB"}}}
        pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), tmp_path / "houses.parquet")
        assert install("house", tmp_path / "houses.parquet").accepted == 1

    def test_takes_csv_with_numbers_and_labels(self, tmp_path: Path) -> None:
        path = tmp_path / "wells.csv"
        path.write_text(
            "键,名称,经度,纬度\nW1,一号井,114.001,22.5\nW2,二号井,east,22.5\nW3,三号井,,\n", encoding="utf-8"
        )
        report = install("well", path)
        assert (report.accepted, report.rejected) == (1, 2)
        found = [(one.row, one.column, one.reason) for one in list_rejections(report.id)]
        assert found == [(2, "geometry", Reason.WRONG_TYPE), (3, "geometry", Reason.MISSING)]

    def test_takes_a_workbook(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        for row in (("well_key", "名称", "lng", "lat"), (1, "一号井", 114.001, 22.5), (2, "二号井", 114.002, 22.5)):
            book.active.append(row)
        book.save(tmp_path / "wells.xlsx")
        assert install("well", tmp_path / "wells.xlsx").accepted == 2
        assert open_layer("well").row_of("1") is not None

    @pytest.mark.parametrize("name", ["houses.geojson", "houses.shp", "houses.gpkg", "houses.zip", "houses.xlsx"])
    def test_refuses_what_only_calls_itself_so(self, name: str, tmp_path: Path) -> None:
        (tmp_path / name).write_text("<OGRVRTDataSource/>", encoding="utf-8")
        with pytest.raises(SourceUnreadable, match="内容不是"):
            install("house", tmp_path / name)

    def test_refuses_a_broken_file(self, tmp_path: Path) -> None:
        (tmp_path / "houses.geojson").write_text('{"type": "FeatureCollection", "features": [{"ty', encoding="utf-8")
        with pytest.raises(SourceUnreadable):
            install("house", tmp_path / "houses.geojson")


class TestSystems:
    def test_projected_files_come_out_in_degrees(self, tmp_path: Path) -> None:
        def move(xy: np.ndarray) -> np.ndarray:
            return (xy - [114, 22.5]) * 100_000 + [500_000, 2_488_000]

        install("house", write_vector(tmp_path / "houses.gpkg", "EPSG:4547", move))
        reader = open_layer("house")
        longitude, latitude = reader.centres(np.array([reader.row_of("H000")]))[0].tolist()
        assert (round(longitude, 3), round(latitude, 2)) == (114.0, 22.49)

    def test_unknown_ones_are_refused(self, tmp_path: Path) -> None:
        file = LayerFile(write_geojson(tmp_path / "houses.geojson", HOUSES), crs="月球坐标")
        with pytest.raises(LayerRefused, match="不认识坐标系"):
            install("house", file)


class TestMistakes:
    @pytest.mark.parametrize(
        ("shape", "reason"),
        [
            ("POLYGON EMPTY", Reason.EMPTY_GEOMETRY),
            ("POINT (114 22.5)", Reason.WRONG_GEOMETRY),
            ("POLYGON ((114 22.5, 114.001 22.501, 114.001 22.5, 114 22.501, 114 22.5))", Reason.CROSSED_GEOMETRY),
            ("POLYGON ((22.5 114, 22.501 114, 22.501 114.001, 22.5 114))", Reason.SWAPPED_POINT),
            ("POLYGON ((116.4 39.9, 116.5 39.9, 116.5 40, 116.4 39.9))", Reason.OUTSIDE),
            ("POLYGON ((1e300 22.5, 114.001 22.5, 114 22.501, 1e300 22.5))", Reason.OUTSIDE),
        ],
    )
    def test_of_single_rows_are_listed(self, shape: str, reason: Reason, city: None) -> None:
        rows = [house(number, geometry=shape if number == 3 else BOX) for number in range(12)]
        report = fill("house", rows)
        assert [(one.row, one.column, one.reason) for one in list_rejections(report.id)] == [(4, "geometry", reason)]
        assert report.accepted == 11

    def test_that_hardly_change_the_area_are_repaired(self) -> None:
        tip = "114.0006 22.5006, 114.0007 22.5008, 114.0006 22.5006"
        spike = f"POLYGON ((114 22.5, 114.0006 22.5, {tip}, 114 22.5006, 114 22.5))"
        assert fill("house", [house(1, geometry=spike)]).accepted == 1
        reader = open_layer("house")
        assert shapely.is_valid(reader.shapes(np.arange(1))).all()
        assert reader.at_point(114.0003, 22.5003).tolist() == [0]

    def test_latitude_first_is_noticed_for_the_whole_file(self, tmp_path: Path, city: None) -> None:
        swapped = [shapely.transform(shapely.from_wkb(row["geometry"]), lambda xy: xy[:, ::-1]) for row in HOUSES]
        rows = [{**row, "geometry": shapely.to_wkb(shape)} for row, shape in zip(HOUSES, swapped, strict=True)]
        path = write_geojson(tmp_path / "houses.geojson", rows)
        with pytest.raises(LayerRefused, match="--swap"):
            install("house", path)
        assert install("house", LayerFile(path, swapped=True)).accepted == 100
        assert len(open_layer("house").at_point(WEST + 0.3 * STEP, SOUTH + 0.3 * STEP)) == 1

    @pytest.mark.parametrize(("system", "convert"), [("gcj02", wgs84_to_gcj02), ("bd09", wgs84_to_bd09)])
    def test_shifted_coordinates_are_noticed_and_undone_when_told(self, system: str, convert, tmp_path: Path) -> None:
        fill("house", HOUSES)
        shifted = [
            shapely.transform(shapely.from_wkb(row["geometry"]), lambda xy: np.stack(convert(*xy.T), axis=1))
            for row in HOUSES
        ]
        rows = [{**row, "geometry": shapely.to_wkb(shape)} for row, shape in zip(HOUSES, shifted, strict=True)]
        path = write_geojson(tmp_path / "houses.geojson", rows)
        with pytest.raises(LayerRefused, match=f"--crs {system}"):
            install("house", path)
        assert install("house", LayerFile(path, crs=system)).accepted == 100
        assert len(open_layer("house").at_point(WEST + 0.3 * STEP, SOUTH + 0.3 * STEP)) == 1
        assert install("house", LayerFile(path, crs="4326")).accepted == 100

    def test_good_coordinates_are_left_alone(self, tmp_path: Path, city: None) -> None:
        fill("house", HOUSES)
        assert install("house", write_geojson(tmp_path / "houses.geojson", HOUSES)).accepted == 100

    def test_equal_keys_are_listed(self, tmp_path: Path) -> None:
        report = install("house", write_geojson(tmp_path / "houses.geojson", [HOUSES[0], HOUSES[1], HOUSES[0]]))
        assert [(one.row, one.other_row) for one in list_rejections(report.id)] == [(3, 1)]


class TestShaper:
    def test_keeps_missing_shapes_missing(self) -> None:
        shaper = Shaper(get_layer("house"))
        cells, wrong = shaper.shape(pa.array([None, HOUSES[0]["geometry"]], pa.binary()))
        assert (cells.null_count, wrong) == (1, [])


class TestFullDisk:
    def test_leaves_what_was_served_and_says_so(self, monkeypatch: pytest.MonkeyPatch, settings) -> None:
        fill("house", HOUSES[:5])

        def fail(*_given: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(building, "pack_shapes", fail)
        with pytest.raises(DiskFull, match="磁盘空间不足"):
            fill("house", HOUSES, now=NOW + timedelta(hours=1))
        assert open_layer("house").count == 5
        assert not [path for path in (settings.HOME / "places" / "house").iterdir() if path.name.startswith(".1-")]
        monkeypatch.undo()
        assert rebuild_layer("house")
        assert open_layer("house").count == 100
