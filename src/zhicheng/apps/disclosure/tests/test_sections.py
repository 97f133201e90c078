"""What is wrong in the terms of a pack is found before it is installed."""

import shutil

import pytest

from zhicheng.apps.appeals.tests.town import TINYTOWN
from zhicheng.core.packs.public import check_pack


def _codes(root):
    return {fault.code for fault in check_pack(root)}


@pytest.fixture
def pack(tmp_path):
    return shutil.copytree(TINYTOWN, tmp_path / "town")


def _change(pack, old, new):
    path = pack / "disclosure.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


class TestTerms:
    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("{code: not_exist,", "{code: full,", "disclosure.duplicate"),
            ("report: not_held", "report: nowhere", "disclosure.unknown_line"),
            ("{code: repeat, label: 重复", "{code: again, label: 重复", "disclosure.mismatch"),
            ("{code: query,", "{code: lookup,", "disclosure.mismatch"),
            ("remedy: either", "remedy: none", "field.choice"),
        ],
    )
    def test_are_refused(self, pack, old, new, code):
        _change(pack, old, new)
        assert code in _codes(pack)

    def test_need_their_process(self, pack):
        (pack / "processes" / "disclosure.yaml").unlink()
        assert "disclosure.no_process" in _codes(pack)

    def test_are_not_needed_by_a_city_without_disclosure(self, pack):
        (pack / "disclosure.yaml").unlink()
        assert not {code for code in _codes(pack) if code.startswith("disclosure.")}
