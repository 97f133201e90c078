"""The door of packs: what sections are made of, and what the rest of the city asks of the installed pack."""

from zhicheng.core.packs.base import (
    Fault,
    Guard,
    Item,
    Loaded,
    PackSource,
    Row,
    Section,
    TestKind,
    guards,
    load_file,
    load_folder,
    parse_items,
    parse_row,
    parse_rows,
    read_csv,
    read_geojson,
    read_yaml,
    read_yaml_rows,
    rows_at,
    sections,
    test_kinds,
)
from zhicheng.core.packs.base.manifest import MANIFEST, Manifest
from zhicheng.core.packs.errors import DefinitionUnknown, NoPackInstalled, PackRefused
from zhicheng.core.packs.operations.definitions import pin_definition
from zhicheng.core.packs.operations.install import install_pack
from zhicheng.core.packs.queries.changes import (
    diff_installed,
    diff_packs,
    release_notes_between,
    release_notes_for,
)
from zhicheng.core.packs.queries.definitions import current_definition, get_definition, list_definitions
from zhicheng.core.packs.queries.folders import LoadedPack, check_pack, digest_files, load_pack, run_pack_tests
from zhicheng.core.packs.queries.installed import current_pack, current_release, forget_installed_pack

__all__ = [
    "MANIFEST",
    "DefinitionUnknown",
    "Fault",
    "Guard",
    "Item",
    "Loaded",
    "LoadedPack",
    "Manifest",
    "NoPackInstalled",
    "PackRefused",
    "PackSource",
    "Row",
    "Section",
    "TestKind",
    "check_pack",
    "current_definition",
    "current_pack",
    "current_release",
    "diff_installed",
    "diff_packs",
    "digest_files",
    "forget_installed_pack",
    "get_definition",
    "guards",
    "install_pack",
    "list_definitions",
    "load_file",
    "load_folder",
    "load_pack",
    "parse_items",
    "parse_row",
    "parse_rows",
    "pin_definition",
    "read_csv",
    "read_geojson",
    "read_yaml",
    "read_yaml_rows",
    "release_notes_between",
    "release_notes_for",
    "rows_at",
    "run_pack_tests",
    "sections",
    "test_kinds",
]
