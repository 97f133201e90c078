from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict

from zhicheng.core.packs.base import (
    Fault,
    Row,
    parse_rows,
    read_csv,
    read_geojson,
    read_yaml,
    read_yaml_rows,
    rows_at,
)


def places(faults: list[Fault]) -> list[tuple[int, str]]:
    assert all(fault.message and fault.hint for fault in faults)
    return [(fault.line, fault.code) for fault in faults]


class TestReadCsv:
    def read(self, root: Path, content: bytes, **options):
        (root / "a.csv").write_bytes(content)
        return read_csv(root, "a.csv", **options)

    def test_keeps_the_first_line_of_each_record(self, tmp_path: Path):
        rows, faults = self.read(tmp_path, 'a,b\n1,"x\ny"\n\n 2 ,街道\n'.encode())
        assert not faults
        assert [(row.line, dict(row.values)) for row in rows] == [
            (2, {"a": "1", "b": "x\ny"}),
            (5, {"a": "2", "b": "街道"}),
        ]

    def test_reads_past_a_byte_order_mark_and_windows_line_ends(self, tmp_path: Path):
        rows, faults = self.read(tmp_path, b"\xef\xbb\xbfa,b\r\n1,2\r\n3,4\r\n", columns=["a", "b"])
        assert not faults
        assert [row.line for row in rows] == [2, 3]

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (b"", [(1, "csv.empty")]),
            (b"a\n1\n", [(1, "csv.missing_column")]),
            (b"a;b\n1;2\n", [(1, "csv.missing_column"), (1, "csv.unknown_column")]),
            (b"a,b,a\n", [(1, "csv.duplicate_column")]),
            (b"a,b,z\n", [(1, "csv.unknown_column")]),
            (b"a,b\n1,2\n3\n4,5,6\n", [(3, "csv.ragged"), (4, "csv.ragged")]),
            (b'a,b\n1,2\n"3,4\n5,6\n', [(3, "csv.quote")]),
            ("a,b\n1,2\n3,街道\n".encode("gb18030"), [(3, "file.encoding")]),
            (b"a,b\n1,\xff\n", [(2, "file.encoding")]),
        ],
    )
    def test_names_the_line_of_a_fault(self, tmp_path: Path, content: bytes, expected):
        assert places(self.read(tmp_path, content, columns=["a", "b"])[1]) == expected

    def test_says_that_a_file_is_missing(self, tmp_path: Path):
        assert places(read_csv(tmp_path, "a.csv")[1]) == [(0, "file.missing")]


class TestReadYaml:
    def read(self, root: Path, content: str):
        (root / "a.yaml").write_text(content)
        return read_yaml(root, "a.yaml")

    def test_keeps_the_line_of_every_key(self, tmp_path: Path):
        row, faults = self.read(tmp_path, "a: 1\nb:\n  - x: 2026-01-02\n    y: [p, q]\n  - x: 2026-01-03\n")
        assert not faults
        assert row is not None
        assert row.values["b"][0] == {"x": date(2026, 1, 2), "y": ["p", "q"]}
        assert row.key_lines["b.1.x"] == 5
        assert row.fault("c", "m", key="b.0.y").line == 4

    def test_leaves_words_and_times_as_text(self, tmp_path: Path):
        row, _ = self.read(tmp_path, "a: yes\nb: on\nc: 14:00\nd: 0123\ne: 2026-13-45\nf: true\ng: 1.5\nh: ~\n")
        assert row is not None
        assert list(row.values.values()) == ["yes", "on", "14:00", "0123", "2026-13-45", True, 1.5, None]

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            ("", [(0, "yaml.empty")]),
            ("- a\n", [(1, "yaml.shape")]),
            ("a: 1\nb: 2\na: 3\n", [(3, "yaml.duplicate_key")]),
            ("a:\n  b: 1\n  b: 2\n", [(3, "yaml.duplicate_key")]),
            ("a: &x [1]\nb: *x\n", [(2, "yaml.alias")]),
            ("a: 1\nb: !!python/name:os.system x\n", [(2, "yaml.tag")]),
            ("a: 1\n\tb: 2\n", [(2, "yaml.syntax")]),
            ("a: [1, 2\nb: 3\n", [(2, "yaml.syntax")]),
            ("? [1]\n: 2\n", [(1, "yaml.key")]),
            ("a: 1\n---\nb: 2\n", [(2, "yaml.syntax")]),
            ("a: " + "[" * 5000, [(0, "yaml.depth")]),
            ("a: 1\nb: \x01\n", [(2, "yaml.character")]),
        ],
    )
    def test_names_the_line_of_a_fault(self, tmp_path: Path, content: str, expected):
        assert places(self.read(tmp_path, content)[1]) == expected

    def test_reads_a_list_of_rows(self, tmp_path: Path):
        (tmp_path / "a.yaml").write_text("- code: a\n  x: 1\n- b\n- code: c\n")
        rows, faults = read_yaml_rows(tmp_path, "a.yaml")
        assert [(row.line, row.key_lines.get("x")) for row in rows] == [(1, 2), (4, None)]
        assert places(faults) == [(3, "yaml.shape")]

    def test_refuses_a_mapping_where_rows_are_wanted(self, tmp_path: Path):
        (tmp_path / "a.yaml").write_text("code: a\n")
        assert places(read_yaml_rows(tmp_path, "a.yaml")[1]) == [(1, "yaml.shape")]

    def test_gives_the_rows_inside_a_row(self, tmp_path: Path):
        row, _ = self.read(tmp_path, "a:\n  b:\n    - x: 1\n    - x: 2\nc: text\n")
        assert row is not None
        assert [part.key_lines["x"] for part in rows_at(row, "a.b")[0]] == [3, 4]
        assert rows_at(row, "a.z") == ([], [])
        assert places(rows_at(row, "c")[1]) == [(5, "yaml.shape")]


class TestReadGeojson:
    def read(self, root: Path, features: str):
        (root / "a.geojson").write_text('{"type": "FeatureCollection", "features": [\n' + features + "\n]}\n")
        return read_geojson(root, "a.geojson")

    def test_gives_properties_and_geometry_with_the_line_of_each_feature(self, tmp_path: Path):
        feature = (
            '{"type": "Feature", "properties": {"code": "%d"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}'
        )
        rows, faults = self.read(tmp_path, f"{feature % 1},\n\n{feature % 2}")
        assert not faults
        assert [(row.line, row.values["code"]) for row in rows] == [(2, "1"), (4, "2")]
        assert rows[0].values["geometry"]["coordinates"] == [1, 2]

    @pytest.mark.parametrize(
        ("features", "expected"),
        [
            ('{"type": "Feature", "properties": {}, "geometry": null}', [(2, "geojson.geometry")]),
            ('{"type": "Point"}', [(2, "geojson.shape")]),
            ("\n{]", [(3, "geojson.syntax")]),
            ('{"type": "Feature", "geometry": {"type": "Point", "coordinates": [NaN, 1]}}', [(2, "geojson.number")]),
        ],
    )
    def test_names_the_line_of_a_fault(self, tmp_path: Path, features: str, expected):
        assert places(self.read(tmp_path, features)[1])[:1] == expected

    def test_refuses_what_is_no_collection(self, tmp_path: Path):
        (tmp_path / "a.geojson").write_text('{"type": "Feature"}')
        assert places(read_geojson(tmp_path, "a.geojson")[1]) == [(1, "geojson.shape")]

    def test_finds_a_break_after_the_features(self, tmp_path: Path):
        (tmp_path / "a.geojson").write_text('{"features": [\n\n],\n"x": }\n')
        assert places(read_geojson(tmp_path, "a.geojson")[1]) == [(4, "geojson.syntax")]


class Shop(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: str
    kind: Literal["tea", "books"]
    days: int
    opened: date
    tags: list[str] = []


class TestParseRows:
    def parse(self, **values):
        return parse_rows([Row("shops.csv", 7, values)], Shop)

    def test_reads_text_into_typed_values(self):
        shops, faults = self.parse(code="a", kind="tea", days="3", opened="2026-01-02")
        assert not faults
        assert (shops[0].days, shops[0].opened) == (3, date(2026, 1, 2))

    def test_tells_each_fault_in_chinese(self):
        shops, faults = self.parse(code=5, kind="zoo", days="many", opened="soon", tags=1, colour="red")
        assert not shops
        assert [(fault.line, fault.code) for fault in faults] == [
            (7, code)
            for code in ("field.type", "field.choice", "field.type", "field.date", "field.type", "field.unknown")
        ]
        assert faults[1] == Fault(
            "shops.csv", 7, "field.choice", "「kind」写的是“zoo”，不在可选范围内。", "可选：tea、books。"
        )

    def test_takes_an_empty_cell_as_not_filled_in(self):
        _, faults = self.parse(code="a", kind="tea", days="", opened="2026-01-02")
        assert [(fault.code, fault.message) for fault in faults] == [("field.missing", "没有填写「days」。")]
