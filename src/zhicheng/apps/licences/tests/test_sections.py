"""`licences.yaml`: every fault has its line and says what to do."""

import shutil
from pathlib import Path

import pytest

from zhicheng.apps.licences.tests.town import TINYTOWN
from zhicheng.core.packs.public import check_pack

PACKS = TINYTOWN.parent


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINYTOWN, tmp_path / "town"))


class TestFaults:
    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("issuer: urban_management", "issuer: space_travel", "licences.issuer"),
            ("code: stall_licence", "code: residence_permit", "licences.duplicate"),
            ("validity: {months: 6}", "validity: {}", "licences.validity"),
            ("validity: {months: 6}", "validity: {months: 6, years: 1}", "licences.validity"),
            ("validity: {months: 6}", "validity: {until: long_term}", "licences.remind"),
            ("remind_days: [30, 7]", "remind_days: [30, 0]", "licences.remind"),
            ("code: goods", "code: stall", "licences.field_twice"),
            ("mask: address", "mask: blur", "field.choice"),
            ("label: 摊位经营许可证", "label: 摊", "field.length"),
            ("suite: sm2", "suite: rsa", "field.choice"),
        ],
    )
    def test_are_found_where_they_stand(self, pack, old, new, code):
        path = pack / "licences.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        found = [fault for fault in check_pack(pack) if fault.file == "licences.yaml"]
        assert code in {fault.code for fault in found}
        assert all(fault.line and fault.hint for fault in found)

    def test_name_a_message_that_is_missing(self, pack):
        path = pack / "messages.yaml"
        path.write_text(
            path.read_text(encoding="utf-8").replace("licence.expiring:", "licence.expired:"), encoding="utf-8"
        )
        assert ("licences.yaml", "licences.message") in {(fault.file, fault.code) for fault in check_pack(pack)}


class TestPacks:
    @pytest.mark.parametrize(("name", "least"), [("shenzhen", 30), ("tinytown", 3)])
    def test_have_licences_without_faults(self, name, least):
        text = (PACKS / name / "licences.yaml").read_text(encoding="utf-8")
        assert text.count("\n- code: ") >= least
        assert [fault for fault in check_pack(PACKS / name) if fault.file == "licences.yaml"] == []

    def test_without_the_file_issue_none(self, pack):
        (pack / "licences.yaml").unlink()
        assert [fault for fault in check_pack(pack) if fault.code.startswith("licences")] == []
