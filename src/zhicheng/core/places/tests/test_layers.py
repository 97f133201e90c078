"""Layers that a pack declares, and every fault that is found in them."""

from pathlib import Path

import pytest

from zhicheng.core.packs.public import PackSource
from zhicheng.core.places.base.layers import body_of, layer_of, load_layers, read_layers
from zhicheng.core.places.sections.layers import LAYERS

PACKS = Path(__file__).resolve().parents[5] / "packs"
HEAD = "code: kiosk\nlabel: 报刊亭\ngeometry: point\nkey: kiosk_key\nsource: 测试库\ncolumns:\n"
KEY = "  - {code: kiosk_key, label: 键, type: text, nullable: false}\n"
KIND = "  - {code: kind, label: 类别, type: text, codes: {news: 报刊, food: 小吃}, synonyms: {food: [吃的]}}\n"


def write(folder: Path, text: str, name: str = "kiosk") -> Path:
    (folder / "layers").mkdir(exist_ok=True)
    (folder / "layers" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


class TestDeclaration:
    def test_names_words_codes_and_tiles(self, tmp_path: Path) -> None:
        more = "words: [亭子, 报亭]\nname: kiosk_key\ntiles: {from: 13, columns: [kind]}\naccess: cases.triage\n"
        layer = read_layers(write(tmp_path, HEAD + KEY + KIND + more))["kiosk"]
        assert (layer.words, layer.access, layer.column("kind").synonyms) == (
            ("亭子", "报亭"),
            "cases.triage",
            {"food": ("吃的",)},
        )
        assert layer.tiles is not None
        assert (layer.tiles.from_zoom, layer.tiles.columns) == (13, ("kind",))

    def test_becomes_a_table_with_a_geometry(self, tmp_path: Path) -> None:
        table = read_layers(write(tmp_path, HEAD + KEY))["kiosk"].table
        assert (table.code, table.codes) == ("layer_kiosk", ("kiosk_key", "geometry"))
        flat = read_layers(write(tmp_path, HEAD.replace("point", "none") + KEY))["kiosk"].table
        assert flat.codes == ("kiosk_key",)

    @pytest.mark.parametrize("pack", ["shenzhen", "tinytown"])
    def test_of_the_packs_has_no_faults_and_survives_being_pinned(self, pack: str) -> None:
        loaded = load_layers(PACKS / pack)
        assert loaded.faults == []
        assert all(layer_of(body_of(item.value)) == item.value for item in loaded.value)

    def test_survives_being_pinned(self, tmp_path: Path) -> None:
        layer = read_layers(write(tmp_path, HEAD + KEY + KIND + "tiles: {from: 3}\n"))["kiosk"]
        assert layer_of(body_of(layer)) == layer

    def test_is_described_with_its_columns(self, tmp_path: Path) -> None:
        value = load_layers(write(tmp_path, HEAD + KEY + KIND)).value
        assert [code for _, code, _, _ in LAYERS.describe(value)] == ["kiosk", "kiosk.kiosk_key", "kiosk.kind"]
        assert list(LAYERS.check(value, PackSource(tmp_path, "x", "1", {}))) == []

    @pytest.mark.parametrize(
        ("text", "code", "line"),
        [
            (HEAD.replace("point", "circle") + KEY, "field.choice", 3),
            (HEAD + KEY + "colour: red\n", "field.unknown", 8),
            (HEAD + KEY + "name: title\n", "layers.name", 8),
            (HEAD + KEY + "access: everybody\n", "layers.access", 8),
            (HEAD + KEY.replace("}", ", personal: true}"), "layers.personal", 4),
            (HEAD + KEY + KIND.replace("}}\n", "}, personal: true}\n") + "name: kind\n", "layers.personal", 9),
            (HEAD + KEY + "tiles: {from: 30}\n", "field.range", 8),
            (HEAD + KEY + "tiles: {columns: [kind]}\n", "layers.tiles", 8),
            (HEAD.replace("point", "none") + KEY + "tiles: {from: 3}\n", "layers.tiles", 8),
            (HEAD + KEY + "  - {code: geometry, label: 图形, type: geometry}\n", "layers.geometry", 8),
            (HEAD + KEY + KIND.replace("{food: [", "{drink: ["), "layers.synonyms", 8),
            (HEAD + KEY + KEY, "lake.duplicate_column", 8),
            (HEAD + KEY.replace("kiosk_key", "number"), "lake.key", 4),
            (HEAD.replace("kiosk\n", "stall\n", 1) + KEY, "layers.file_name", 1),
        ],
    )
    def test_has_its_faults_named(self, text: str, code: str, line: int, tmp_path: Path) -> None:
        faults = load_layers(write(tmp_path, text)).faults
        assert all(fault.message and fault.hint for fault in faults)
        assert (code, line) in [(fault.code, fault.line) for fault in faults]

    def test_cannot_share_a_word_with_another(self, tmp_path: Path) -> None:
        write(tmp_path, HEAD + KEY + "words: [亭子]\n")
        write(tmp_path, HEAD.replace("code: kiosk", "code: stall") + KEY + "words: [摊子, 亭子]\n", "stall")
        assert [(fault.code, fault.file) for fault in load_layers(tmp_path).faults] == [
            ("layers.word", "layers/stall.yaml")
        ]
