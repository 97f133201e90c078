"""A tiny invented town, and every fault that the sections of places find in it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from zhicheng.core.packs.public import Fault, PackSource
from zhicheng.core.places import models
from zhicheng.core.places.public import atlas_revision, describe_divisions, get_division, locate_address, locate_point
from zhicheng.core.places.sections import AREAS, DIVISIONS, LANDMARKS
from zhicheng.core.places.tests.conftest import NOW, install_pack, load_pack

HEADER = "code,name,level,parent,note"
LINES = [
    "100000,云溪市,city,,",
    "100001,东区,district,100000,",
    "100002,西区,district,100000,",
    "100001001,河口街道,street,100001,",
    "100002001,山前街道,street,100002,",
]
WEST, EAST = shapely.box(100.0, 20.0, 100.1, 20.1), shapely.box(100.1, 20.0, 100.2, 20.1)
AREA_FILES: dict[str, dict[str, Any]] = {
    "districts": {"100001": EAST, "100002": WEST},
    "streets": {"100001001": EAST, "100002001": WEST},
}
LANDMARK_LINES = ["云溪火车站,东站,100.15,20.05,100001,station,常识", "西山公园,,100.05,20.05,100002,park,常识"]


def write_town(root: Path, lines=LINES, areas=AREA_FILES, landmarks=LANDMARK_LINES) -> Path:
    (root / "areas").mkdir(parents=True, exist_ok=True)
    (root / "divisions.csv").write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    for name, shapes in areas.items():
        features = [
            {"type": "Feature", "properties": {"code": code, "synthetic": False}, "geometry": outline}
            for code, outline in (
                (c, o if isinstance(o, dict) else shapely.geometry.mapping(o)) for c, o in shapes.items()
            )
        ]
        text = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(map(json.dumps, features)) + "\n]}\n"
        (root / "areas" / f"{name}.geojson").write_text(text, encoding="utf-8")
    header = "name,aliases,longitude,latitude,district,kind,source"
    (root / "landmarks.csv").write_text("\n".join([header, *landmarks]) + "\n", encoding="utf-8")
    return root


def faults_of(root: Path) -> list[tuple[str, str, int]]:
    _, faults = load_pack(root)
    assert all(fault.message and fault.hint for fault in faults)
    return [(fault.code, fault.file, fault.line) for fault in faults]


def changed_areas(level: str, **shapes: Any) -> dict[str, dict[str, Any]]:
    changed = {key.removeprefix("c"): value for key, value in shapes.items()}
    kept = {code: shape for code, shape in {**AREA_FILES[level], **changed}.items() if shape is not None}
    return {**AREA_FILES, level: kept}


class TestTown:
    def test_has_no_faults(self, tmp_path: Path):
        assert faults_of(write_town(tmp_path)) == []


DIVISION_FAULTS = {
    "unknown parent": (3, "100001001,河口街道,street,109999,", "divisions.unknown_parent"),
    "parent of the wrong level": (3, "100001001,河口街道,street,100000,", "divisions.level"),
    "no parent": (4, "100002001,山前街道,street,,", "divisions.parent"),
    "duplicate code": (2, "100001,西区,district,100000,", "divisions.duplicate"),
    "same name": (2, "100002,东区,district,100000,", "divisions.same_name"),
    "unknown level": (1, "100001,东区,quarter,100000,", "field.choice"),
    "bad code": (1, "10-01,东区,district,100000,", "field.pattern"),
    "two cities": (1, "100001,东市,city,,", "divisions.city"),
}


class TestDivisionsFile:
    @pytest.mark.parametrize("name", DIVISION_FAULTS)
    def test_finds(self, name: str, tmp_path: Path):
        index, line, code = DIVISION_FAULTS[name]
        root = write_town(tmp_path, lines=[*LINES[:index], line, *LINES[index + 1 :]])
        assert (code, "divisions.csv", index + 2) in faults_of(root)


BOW_TIE = shapely.Polygon([(100.0, 20.0), (100.1, 20.1), (100.1, 20.0), (100.0, 20.1)])
POINT = {"type": "Point", "coordinates": [100.0, 20.0]}
AREA_FAULTS = {
    "missing outline": (changed_areas("streets", c100001001=None), "areas.missing", "divisions.csv", 5),
    "missing file": ({**AREA_FILES, "streets": {}}, "areas.missing", "divisions.csv", 5),
    "unknown division": (
        changed_areas("districts", c100009=EAST.buffer(-0.01)),
        "areas.unknown",
        "areas/districts.geojson",
        4,
    ),
    "self-crossing": (changed_areas("districts", c100002=BOW_TIE), "areas.invalid", "areas/districts.geojson", 3),
    "exchanged coordinates": (
        changed_areas("districts", c100002=shapely.box(20.0, 100.0, 20.1, 100.1)),
        "areas.swapped",
        "areas/districts.geojson",
        3,
    ),
    "metres": (
        changed_areas("districts", c100002=shapely.box(5e5, 2e6, 6e5, 3e6)),
        "areas.range",
        "areas/districts.geojson",
        3,
    ),
    "outside parent": (
        changed_areas("streets", c100002001=shapely.box(100.0, 20.0, 100.1, 20.3)),
        "areas.outside_parent",
        "areas/streets.geojson",
        3,
    ),
    "overlap": (
        changed_areas("districts", c100002=shapely.box(100.0, 20.0, 100.15, 20.1)),
        "areas.overlap",
        "areas/districts.geojson",
        3,
    ),
    "no area": (changed_areas("districts", c100002=POINT), "areas.geometry", "areas/districts.geojson", 3),
    "grid of no community": (
        {**AREA_FILES, "grids": {"109999999999001": EAST}},
        "areas.unknown",
        "areas/grids.geojson",
        2,
    ),
}


class TestAreaFiles:
    @pytest.mark.parametrize("name", AREA_FAULTS)
    def test_finds(self, name: str, tmp_path: Path):
        areas, *expected = AREA_FAULTS[name]
        assert tuple(expected) in faults_of(write_town(tmp_path, areas=areas))

    def test_finds_two_outlines_of_one_division(self, tmp_path: Path):
        path = write_town(tmp_path) / "areas" / "districts.geojson"
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([*lines[:3], "," + lines[2], *lines[3:]]), encoding="utf-8")
        assert ("areas.duplicate", "areas/districts.geojson", 4) in faults_of(tmp_path)

    def test_finds_a_missing_file(self, tmp_path: Path):
        (write_town(tmp_path) / "areas" / "streets.geojson").unlink()
        assert ("areas.missing", "areas/streets.geojson", 0) in faults_of(tmp_path)


LANDMARK_FAULTS = {
    "outside the city": ("西山公园,,101.05,20.05,100002,park,", "landmarks.outside_city"),
    "wrong district": ("西山公园,,100.05,20.05,100001,park,", "landmarks.wrong_district"),
    "exchanged": ("西山公园,,20.05,100.05,100002,park,", "landmarks.swapped"),
    "unknown district": ("西山公园,,100.05,20.05,100009,park,", "landmarks.unknown_district"),
    "taken alias": ("西山公园,东站,100.05,20.05,100002,park,", "landmarks.duplicate"),
    "unknown kind": ("西山公园,,100.05,20.05,100002,mountain,", "field.choice"),
    "no number": ("西山公园,,东经,20.05,100002,park,", "field.type"),
    "nan": ("西山公园,,nan,20.05,100002,park,", "field.invalid"),
}


class TestLandmarksFile:
    @pytest.mark.parametrize("name", LANDMARK_FAULTS)
    def test_finds(self, name: str, tmp_path: Path):
        line, code = LANDMARK_FAULTS[name]
        root = write_town(tmp_path, landmarks=[LANDMARK_LINES[0], line])
        assert (code, "landmarks.csv", 3) in faults_of(root)


@pytest.mark.django_db
class TestInstall:
    def test_another_town_runs_on_the_same_code(self, tmp_path: Path):
        install_pack(write_town(tmp_path))
        assert describe_divisions(locate_point(100.05, 20.05).divisions) == "西区·山前街道"
        found = locate_address("东站旁边井盖坏了")
        assert found is not None
        assert found.divisions == ("100001001", "100001", "100000")

    def test_twice_changes_nothing(self, tmp_path: Path):
        install_pack(write_town(tmp_path))
        revision = atlas_revision()
        install_pack(tmp_path, NOW + timedelta(days=1))
        assert atlas_revision() == revision

    def test_ends_what_disappeared_and_revives_what_returns(self, tmp_path: Path):
        install_pack(write_town(tmp_path))
        smaller = {level: {c: s for c, s in shapes.items() if c < "100002"} for level, shapes in AREA_FILES.items()}
        later = NOW + timedelta(days=1)
        install_pack(write_town(tmp_path, [*LINES[:2], LINES[3]], smaller, LANDMARK_LINES[:1]), later)
        assert get_division("100002").ended
        assert models.Division.objects.get(code="100002").ended_at == later
        assert models.Landmark.objects.get(name="西山公园").ended_at == later
        assert locate_address("西山公园") is None
        install_pack(write_town(tmp_path), later + timedelta(days=1))
        assert not get_division("100002").ended

    def test_notices_a_changed_outline(self, tmp_path: Path):
        install_pack(write_town(tmp_path))
        moved = shapely.box(100.1, 20.0, 100.2, 20.2)
        areas = {
            level: {**shapes, f"100001{'001' if level == 'streets' else ''}": moved}
            for level, shapes in AREA_FILES.items()
        }
        install_pack(write_town(tmp_path, areas=areas))
        assert locate_point(100.15, 20.15).divisions[0] == "100001001"


class TestDescribe:
    def test_yields_every_item_once_with_printable_fields(self, shenzhen_pack: tuple[PackSource, list[Fault]]):
        pack, faults = shenzhen_pack
        assert faults == []
        items = [
            item for section in (DIVISIONS, AREAS, LANDMARKS) for item in section.describe(pack.values[section.code])
        ]
        assert len({(kind, code) for kind, code, _, _ in items}) == len(items) > 5000
        assert all(isinstance(value, str) for *_, fields in items for value in fields.values())
