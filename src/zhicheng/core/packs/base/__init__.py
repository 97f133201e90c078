"""What sections of a pack are made of: the registries, the readers of files, and the check of typed rows."""

from zhicheng.core.packs.base.documents import read_yaml, read_yaml_rows, rows_at
from zhicheng.core.packs.base.loading import load_file, load_folder
from zhicheng.core.packs.base.rows import Item, parse_items, parse_row, parse_rows
from zhicheng.core.packs.base.section import (
    Fault,
    Guard,
    Loaded,
    PackSource,
    Row,
    Section,
    TestKind,
    guards,
    sections,
    test_kinds,
)
from zhicheng.core.packs.base.shapes import read_geojson
from zhicheng.core.packs.base.tables import read_csv

__all__ = [
    "Fault",
    "Guard",
    "Item",
    "Loaded",
    "PackSource",
    "Row",
    "Section",
    "TestKind",
    "guards",
    "load_file",
    "load_folder",
    "parse_items",
    "parse_row",
    "parse_rows",
    "read_csv",
    "read_geojson",
    "read_yaml",
    "read_yaml_rows",
    "rows_at",
    "sections",
    "test_kinds",
]
