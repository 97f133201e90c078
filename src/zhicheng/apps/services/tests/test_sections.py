"""The catalogue of a pack is checked line by line."""

import shutil
from pathlib import Path

import pytest

from zhicheng.apps.services.sections.catalogue import check, load
from zhicheng.apps.services.tests.town import TINYTOWN
from zhicheng.core.packs.public import PackSource, check_pack

ITEM = """
- code: civil.marriage
  label: 结婚登记
  department: civil_affairs
  audience: [person]
  life_events: [marriage]
  kind: 行政确认
  legal_basis: [{title: 中华人民共和国民法典, clause: 第一千零四十九条}]
  conditions: [双方自愿]
  materials: [{code: id_card}]
  limit: {legal_working_days: 1, promised_working_days: 1}
  links: 2
  trips: 1
  result: 结婚证
- code: civil.divorce
  label: 离婚登记
  department: civil_affairs
  audience: [person]
  kind: 行政确认
  legal_basis: [{title: 中华人民共和国民法典, clause: 第一千零七十六条}]
  conditions: [双方自愿离婚]
  limit: {legal_working_days: 30, promised_working_days: 30}
  links: 3
  trips: 2
  result: 离婚证
"""
THEME = """
code: wedding
label: 婚育一件事
audience: [person]
summary: 结婚登记和相关事项一次办好，只跑一次。
items:
  - {item: civil.marriage}
  - {item: civil.divorce, after: [civil.marriage]}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "services" / "items").mkdir(parents=True)
    (tmp_path / "services" / "themes").mkdir()
    (tmp_path / "services" / "items" / "civil.yaml").write_text(ITEM, encoding="utf-8")
    (tmp_path / "services" / "themes" / "wedding.yaml").write_text(THEME, encoding="utf-8")
    (tmp_path / "services" / "life_events.yaml").write_text(
        "- {code: marriage, label: 结婚, audience: person}\n", encoding="utf-8"
    )
    (tmp_path / "materials.yaml").write_text("- {code: id_card, label: 居民身份证}\n", encoding="utf-8")
    return tmp_path


class _Unit:
    class value:  # noqa: N801  # stands for a row of units.csv
        function = "civil_affairs"


def faults(root: Path) -> list[tuple[str, int, str]]:
    loaded = load(root)
    found = check(loaded.value, PackSource(root, "town", "1", {"units": [_Unit]}))
    return [(fault.file, fault.line, fault.code) for fault in [*loaded.faults, *found]]


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / "services" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


class TestCheck:
    def test_finds_nothing_wrong_with_a_good_catalogue(self, pack: Path) -> None:
        assert faults(pack) == []

    def test_lets_a_town_have_no_catalogue(self, tmp_path: Path) -> None:
        assert faults(tmp_path) == []

    @pytest.mark.parametrize(
        ("name", "old", "new", "line", "code"),
        [
            ("items/civil.yaml", "code: civil.divorce", "code: civil.marriage", 15, "services.duplicate"),
            ("items/civil.yaml", "department: civil_affairs", "department: magic", 4, "services.department"),
            ("items/civil.yaml", "life_events: [marriage]", "life_events: [moon]", 6, "services.life_event"),
            ("items/civil.yaml", "{code: id_card}", "{code: passport}", 10, "services.material"),
            ("items/civil.yaml", "promised_working_days: 30", "promised_working_days: 31", 22, "services.limit"),
            ("items/civil.yaml", "trips: 2", "trips: 2\n  appliable: true", 25, "services.no_form"),
            ("items/civil.yaml", "links: 2", "link: 2", 12, "field.unknown"),
            ("themes/wedding.yaml", "civil.divorce", "civil.magic", 8, "themes.unknown_item"),
            ("themes/wedding.yaml", "after: [civil.marriage]", "after: [civil.birth]", 8, "themes.unknown_after"),
            ("themes/wedding.yaml", "civil.marriage}", "civil.marriage, after: [civil.divorce]}", 6, "themes.cycle"),
            ("themes/wedding.yaml", "civil.divorce, after: [civil.marriage]", "civil.marriage", 8, "themes.twice"),
        ],
    )  # fmt: skip
    def test_names_the_line_of_a_fault(self, pack: Path, name: str, old: str, new: str, line: int, code: str) -> None:
        edit(pack, name, old, new)
        assert (f"services/{name}", line, code) in faults(pack)


class TestPrefilling:
    @pytest.fixture
    def town(self, tmp_path: Path) -> Path:
        return Path(shutil.copytree(TINYTOWN, tmp_path / "town"))

    def change(self, root: Path, file: str, old: str, new: str) -> list[tuple[str, str]]:
        text = (root / file).read_text(encoding="utf-8")
        assert old in text
        (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return [(fault.file, fault.code) for fault in check_pack(root)]

    @pytest.mark.parametrize("field", ["name", "uscc"])
    def test_asks_no_company_what_the_register_says(self, town: Path, field: str) -> None:
        taken = f"x-prefill: [{{source: company, field: {field}}}]"
        found = self.change(town, "forms/booth.yaml", taken, "x-prefill: [{source: company, field: employees}]")
        assert found == [("services/items/companies.yaml", "services.company_prefill")]

    def test_takes_nothing_that_a_table_has_not(self, town: Path) -> None:
        assert (town / "lake/person.yaml").read_text(encoding="utf-8").count("code: resident_since_date") == 1
        found = self.change(town, "forms/stall.yaml", "field: resident_since_date", "field: professional_title")
        assert found == []
        found = self.change(town, "lake/person.yaml", "code: professional_title", "code: professional_rank")
        assert ("forms/stall.yaml", "form.source_field") in found

    @pytest.mark.parametrize("line", ["stall_licence.colour", "moon.goods"])
    def test_takes_nothing_that_no_licence_says(self, town: Path, line: str) -> None:
        goods = "x-label: 卖什么"
        right = f"{goods}, x-prefill: [{{source: licences, field: stall_licence.goods}}]"
        assert self.change(town, "forms/stall.yaml", goods, right) == []
        found = self.change(town, "forms/stall.yaml", "stall_licence.goods", line)
        assert found == [("forms/stall.yaml", "licences.prefill")]


class TestLicensing:
    """云溪镇 issues licences: where their lines come from is checked with the forms and types of the pack."""

    @pytest.fixture
    def town(self, tmp_path: Path) -> Path:
        return Path(shutil.copytree(TINYTOWN, tmp_path / "town"))

    @pytest.mark.parametrize(
        ("file", "old", "new", "line", "code", "said"),
        [
            ("licences.yaml", "{code: goods,", "{code: colour,", 17, "services.licence_lines", "必填项「经营品种」"),
            ("services/items/works.yaml", "{meter: stall}", "{meter: shop}", 37, "services.licence_source", "shop"),
            ("services/items/works.yaml", "{meter: stall}", "{size: stall}", 37, "services.licence_source", "size"),
            ("services/items/works.yaml", "{meter: stall}", '{meter: "@moon"}', 37, "services.licence_source", "@moon"),
        ],
    )
    def test_names_the_line_that_nothing_fills(self, town: Path, file, old, new, line, code, said) -> None:
        path = town / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        found = [fault for fault in check_pack(town) if fault.code.startswith("services.licence")]
        assert [(fault.file, fault.line, fault.code) for fault in found] == [("services/items/works.yaml", line, code)]
        assert said in found[0].message
        assert found[0].hint

    def test_finds_what_the_form_of_a_theme_lacks(self, town: Path) -> None:
        form = (town / "forms/stall.yaml").read_text(encoding="utf-8").replace("code: stall", "code: outing", 1)
        form = form.replace("stall, goods]}", "stall]}").replace("stall, goods]", "stall]").partition("    goods:")[0]
        (town / "forms/outing.yaml").write_text(form, encoding="utf-8")
        edit(town, "themes/stall.yaml", "form: stall", "form: outing")
        found = [fault for fault in check_pack(town) if fault.code.startswith("services.licence")]
        assert [(fault.file, fault.line, fault.code) for fault in found] == [
            ("services/themes/stall.yaml", 9, "services.licence_lines")
        ]
        assert "没有「摊位经营许可」证照必填项「经营品种」的来源" in found[0].message
        assert "goods" in found[0].hint

    def test_counts_on_earlier_licences_in_the_order_of_the_theme_only(self, town: Path) -> None:
        form = (town / "forms/stall.yaml").read_text(encoding="utf-8").replace("code: stall", "code: outing", 1)
        (town / "forms/outing.yaml").write_text(
            form.replace("required: [name, id_number, stall, goods]", "required: [name, id_number, goods]"),
            encoding="utf-8",
        )
        edit(town, "themes/stall.yaml", "form: stall", "form: outing")
        edit(
            town,
            "items/works.yaml",
            "  licence: stall_licence\n",
            '  licence: stall_licence\n  licence_values: {stall: "=甲区"}\n',
        )
        assert [fault for fault in check_pack(town) if fault.code.startswith("services.licence")] == []
        edit(
            town,
            "themes/stall.yaml",
            "stall.signboard, after: [stall.licence]",
            "stall.signboard, after: [stall.water]",
        )
        edit(town, "themes/stall.yaml", "stall.water, after: [stall.licence]", "stall.water")
        found = [fault for fault in check_pack(town) if fault.code.startswith("services.licence")]
        assert [(fault.line, "招牌备案" in fault.message) for fault in found] == [(11, True)]

    @pytest.mark.parametrize("source", ["@licence.stall_licence.colour", "@licence.moon.stall"])
    def test_knows_what_earlier_licences_say(self, town: Path, source: str) -> None:
        edit(town, "items/works.yaml", "@licence.stall_licence.stall", source)
        found = [fault for fault in check_pack(town) if fault.code == "services.licence_source"]
        assert [source in fault.message for fault in found] == [True]

    def test_gives_no_number_to_whom_no_birth_is_known(self, town: Path) -> None:
        edit(town, "items/works.yaml", "{meter: stall}", '{meter: "@citizen_number"}')
        assert [fault.code for fault in check_pack(town)] == ["services.licence_source"]

    def test_finds_a_licence_that_nothing_leads_to(self, town: Path) -> None:
        edit(town, "items/works.yaml", "  licence: residence_permit\n", "")
        assert [(fault.file, fault.line, fault.code) for fault in check_pack(town)] == [
            ("licences.yaml", 3, "licences.unused")
        ]

    def test_lets_an_officer_fill_what_no_form_says(self, town: Path) -> None:
        path = town / "services/items/works.yaml"
        text = path.read_text(encoding="utf-8").replace("{meter: stall}", "{meter: []}", 1)
        path.write_text(text.replace("  rules: {decide: stall.licence.eligible}\n", "", 1), encoding="utf-8")
        assert [fault for fault in check_pack(town) if fault.code.startswith("services.licence")] == []
