"""What a pack says about forms and materials: every fault with file and line."""

import json
from pathlib import Path

import pytest

from zhicheng.core.forms.policy.parsing import parse_form
from zhicheng.core.forms.sections import forms, materials
from zhicheng.core.packs.public import Fault, PackSource, read_yaml

MATERIALS = """- code: id_card
  label: 居民身份证
  kind: document
  reader: id_card
  fields: [{code: name, label: 姓名}]
"""
FORM = """code: settle
label: 落户申请
materials:
  - {code: id_card, when: {field: married, is: true}}
schema:
  type: object
  required: [name]
  x-sections:
    - {code: person, label: 本人, fields: [name, married, spouse]}
  properties:
    name:
      type: string
      x-label: 姓名
      x-fact: person.name
      x-prefill: [{source: profile, field: name}]
      x-document: [{material: id_card, field: name}]
    married:
      type: boolean
      x-label: 是否已婚
    spouse:
      type: string
      x-label: 配偶姓名
      x-when: {field: married, is: true}
"""
LAKE = "code: person\nlabel: 人\nkey: person_key\ncolumns:\n  - {code: name, label: 姓名, type: text}\n"


def check(root: Path) -> list[Fault]:
    kinds, found = materials.load(root), forms.load(root)
    pack = PackSource(root, "village", "1.0.0", {"materials": kinds.value, "forms": found.value})
    late = [*materials.check(kinds.value, pack), *forms.check(found.value, pack)]
    return [*kinds.faults, *found.faults, *late]


@pytest.fixture
def village(tmp_path: Path) -> Path:
    (tmp_path / "forms").mkdir()
    (tmp_path / "lake").mkdir()
    (tmp_path / "materials.yaml").write_text(MATERIALS)
    (tmp_path / "forms" / "settle.yaml").write_text(FORM)
    (tmp_path / "lake" / "person.yaml").write_text(LAKE)
    return tmp_path


SEEDED = [
    ("      type: string\n      x-label: 姓名", "      type: strange\n      x-label: 姓名", "form.schema"),
    ("x-label: 是否已婚", "x-labl: 是否已婚", "form.keyword"),
    ("x-label: 是否已婚", "x-label: 是否已婚\n      minProperties: 1", "form.keyword"),
    ("x-label: 是否已婚", "x-help: 结婚了吗", "form.label"),
    ("x-label: 是否已婚", "x-label: 是否已婚\n      x-widget: slider", "form.widget"),
    ("x-label: 是否已婚", "x-label: 是否已婚\n      x-widget: date", "form.type"),
    ("x-when: {field: married, is: true}", "x-when: {field: wed, is: true}", "form.when_field"),
    ("x-when: {field: married, is: true}", "x-when: {field: married, is: 是}", "form.when_value"),
    ("x-when: {field: married, is: true}", "x-when: {field: spouse, is: 李红}", "form.cycle"),
    ("x-when: {field: married, is: true}", "x-when: married", "form.when"),
    ("x-fact: person.name", "x-fact: person.name\n      x-newer: true", "form.newer"),
    ("source: profile", "source: nobody", "form.source"),
    ("profile, field: name", "profile, field: shoe_size", "form.source_field"),
    ("person.name", "person.shoe_size", "form.fact"),
    ("person.name", "shoe", "form.fact"),
    ("material: id_card", "material: passport", "form.material"),
    ("id_card, field: name", "id_card, field: number", "form.material_field"),
    ("- {code: id_card,", "- {code: passport,", "form.material"),
    ("{field: married, is: true}}", "{field: wed, is: true}}", "form.when_field"),
    ("required: [name]", "required: [nickname]", "form.required"),
    ("fields: [name, married, spouse]", "fields: [name, married]", "form.unplaced"),
    ("fields: [name, married, spouse]", "fields: [name, name, married, spouse]", "form.placed_twice"),
    ("fields: [name, married, spouse]", "fields: [name, married, spouse, age]", "form.section_field"),
    ("code: settle", "code: settle\ncolour: red", "field.unknown"),
    ("x-label: 配偶姓名", "x-label: 配偶姓名\n      pattern: '('", "form.pattern"),
]


class TestForms:
    def test_are_fine_as_they_are(self, village: Path):
        assert check(village) == []

    def test_may_be_absent(self, tmp_path: Path):
        assert check(tmp_path) == []

    @pytest.mark.parametrize(("old", "new", "code"), SEEDED, ids=[f"{code}:{new[:40]}" for _, new, code in SEEDED])
    def test_name_the_line_of_a_seeded_fault(self, village: Path, old: str, new: str, code: str):
        path = village / "forms" / "settle.yaml"
        assert old in FORM
        path.write_text(FORM.replace(old, new, 1))
        faults = [fault for fault in check(village) if fault.code == code]
        assert faults, check(village)
        assert faults[0].file == "forms/settle.yaml"
        lines = path.read_text().splitlines()
        shown = "".join(lines[faults[0].line - 1 : faults[0].line + 1])
        assert any(word in shown for word in (*new.split(), "properties", "spouse", "married:"))
        assert faults[0].hint

    def test_are_named_once(self, village: Path):
        (village / "forms" / "again.yaml").write_text(FORM)
        assert [fault.code for fault in check(village)] == ["form.duplicate"]


class TestMaterials:
    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("reader: id_card", "reader: crystal_ball", "material.reader"),
            ("code: name", "code: shoe_size", "material.field"),
            ("kind: document", "kind: rumour", "field.choice"),
            ("kind: document", "kind: licence\n  licence: nothing", "material.licence"),
            ("kind: document", "kind: document\n  colour: red", "field.unknown"),
        ],
    )
    def test_name_the_line_of_a_seeded_fault(self, village: Path, old: str, new: str, code: str):
        (village / "licences.yaml").write_text("- {code: residence_permit, label: 居住证}\n")
        (village / "materials.yaml").write_text(MATERIALS.replace(old, new, 1))
        fault = next(fault for fault in check(village) if fault.code == code)
        assert fault.file == "materials.yaml"
        assert 2 < fault.line <= 7


class TestShenzhen:
    ROOT = Path(__file__).resolve().parents[5] / "packs" / "shenzhen"

    def test_has_forms_and_materials_that_people_can_read(self):
        faults = [fault for fault in check(self.ROOT) if not fault.file.startswith("services/")]
        assert faults == []
        assert len(materials.load(self.ROOT).value) >= 30
        for path in sorted((self.ROOT / "forms").glob("*.yaml"))[:8]:
            body = read_yaml(self.ROOT, f"forms/{path.name}")[0].values
            form = parse_form("", body["code"], body["label"], body)
            assert all(len(section.fields) <= 14 for section in form.sections), path.name
            assert all("\u4e00" <= field.label[0] <= "\u9fff" for field in form.fields), path.name


class TestParseForm:
    def test_keeps_the_order_of_a_group_through_the_database(self, village: Path):
        group = "    sons:\n      type: array\n      x-label: 子女\n      items: {type: object, properties: {name: "
        group += "{type: string, x-label: 姓名}, born: {type: string, x-widget: date, x-label: 生日}, id: "
        group += "{type: string, x-label: 号码}}}\n"
        text = FORM.replace("fields: [name, married, spouse]", "fields: [name, married, spouse, sons]") + group
        (village / "forms" / "settle.yaml").write_text(text)
        body = forms._body(forms.load(village).value["settle"])
        kept = json.loads(json.dumps(body, sort_keys=True))
        assert [field.name for field in parse_form("", "settle", "", kept).field("sons").items] == [
            "name",
            "born",
            "id",
        ]
