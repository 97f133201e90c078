"""The check of a pack names file, line and what to do, for each fault that a person is likely to make."""

import re
import shutil
from pathlib import Path

import pytest

from tests.packs.faults import ALL, SeededFault
from zhicheng.core.packs.public import check_pack

TINYTOWN = Path(__file__).resolve().parents[2] / "packs" / "tinytown"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINYTOWN, tmp_path / "town"))


def line_of(path: Path, piece: str | int) -> int:
    if isinstance(piece, int):
        return piece
    raw = path.read_bytes()
    encoding = "utf-8" if _is_utf8(raw) else "gb18030"
    found = [number for number, line in enumerate(raw.decode(encoding).split("\n"), 1) if piece in line]
    assert len(found) == 1, f"{piece!r} stands on lines {found}"
    return found[0]


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


class TestCheckPack:
    def test_finds_nothing_wrong_with_the_tiny_town(self):
        assert check_pack(TINYTOWN) == []

    @pytest.mark.parametrize("seeded", ALL, ids=lambda seeded: seeded.name)
    def test_finds_the_seeded_fault(self, town: Path, seeded: SeededFault):
        path = town / seeded.file
        seeded.seed(path)
        faults = check_pack(town)
        expected = (seeded.file, line_of(path, seeded.line_of), seeded.code)
        assert expected in {(fault.file, fault.line, fault.code) for fault in faults}
        for fault in faults:
            assert re.search("[\u4e00-\u9fff]", fault.message), fault
            assert re.search("[\u4e00-\u9fff]", fault.hint), fault

    def test_knows_at_least_thirty_kinds(self):
        assert len({(seeded.file, seeded.code) for seeded in ALL}) >= 30
        assert len({seeded.name for seeded in ALL}) == len(ALL)
