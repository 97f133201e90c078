"""The tables a pack declares, and every fault that is found in them."""

from pathlib import Path

import pytest

from zhicheng.core.lake.base import load_tables, read_tables
from zhicheng.core.lake.policy.schema import body_of, table_of
from zhicheng.core.lake.sections import TABLES
from zhicheng.core.packs.public import PackSource

PACKS = Path(__file__).resolve().parents[5] / "packs"
HEAD = "code: flat\nlabel: 房屋\nkey: flat_key\nsource: 测试库\ncolumns:\n"
KEY = "  - {code: flat_key, label: 键, type: text, nullable: false}\n"


def faults_of(folder: Path, text: str, name: str = "flat") -> list[tuple[str, int]]:
    (folder / "lake").mkdir()
    (folder / "lake" / f"{name}.yaml").write_text(text, encoding="utf-8")
    faults = load_tables(folder).faults
    assert all(fault.message and fault.hint for fault in faults)
    return [(fault.code, fault.line) for fault in faults]


class TestPacks:
    @pytest.mark.parametrize("pack", ["shenzhen", "tinytown"])
    def test_declare_people_and_companies(self, pack: str):
        assert load_tables(PACKS / pack).faults == []
        tables = read_tables(PACKS / pack)
        assert {"person", "company"} <= set(tables)
        assert tables["person"].column("monthly_income_cents").unit == "分"

    def test_hold_no_names_and_numbers(self):
        for table in read_tables(PACKS / "shenzhen").values():
            assert not {"name", "id_number", "phone", "address", "uscc"} & set(table.codes)


class TestDeclaration:
    def test_survives_being_pinned(self):
        for table in read_tables(PACKS / "shenzhen").values():
            assert table_of(body_of(table)) == table

    def test_describes_tables_and_columns(self):
        value = load_tables(PACKS / "shenzhen").value
        kinds = {kind for kind, _, _, _ in TABLES.describe(value)}
        assert kinds == {"数据表", "数据列"}
        assert list(TABLES.check(value, PackSource(PACKS, "x", "1", {}))) == []

    @pytest.mark.parametrize(
        ("text", "code", "line"),
        [
            (HEAD + KEY + "  - {code: area, label: 面积, type: number}\n", "field.choice", 7),
            (HEAD + KEY + "  - {code: Area, label: 面积, type: integer}\n", "field.pattern", 7),
            (HEAD + KEY + KEY, "lake.duplicate_column", 7),
            (HEAD + KEY + "  - {code: sold, label: 售, type: boolean, codes: {a: 甲}}\n", "lake.codes", 7),
            (HEAD + KEY + "  - {code: kind, label: 类, type: integer, codes: {a: 甲}}\n", "lake.codes", 7),
            (HEAD + KEY + "  - {code: name, label: 名, type: text, least: 1}\n", "lake.range", 7),
            (HEAD + KEY + "  - {code: area, label: 面积, type: integer, least: 9, most: 1}\n", "lake.range", 7),
            (HEAD + "  - {code: other, label: 键, type: text, nullable: false}\n", "lake.key", 3),
            (HEAD + "  - {code: flat_key, label: 键, type: text}\n", "lake.key", 6),
            (HEAD + KEY + "colour: red\n", "field.unknown", 7),
            (HEAD.replace("flat\n", "house\n", 1) + KEY, "lake.file_name", 1),
        ],
    )
    def test_has_its_faults_named(self, text: str, code: str, line: int, tmp_path: Path):
        assert (code, line) in faults_of(tmp_path, text)
