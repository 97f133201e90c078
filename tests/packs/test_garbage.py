"""Whatever stands in a pack's files, the check answers with faults: it never breaks off with a traceback."""

import random
import shutil
from pathlib import Path

import pytest

from zhicheng.core.packs.public import check_pack

TINYTOWN = Path(__file__).resolve().parents[2] / "packs" / "tinytown"
FILES = sorted(path.relative_to(TINYTOWN).as_posix() for path in TINYTOWN.rglob("*") if path.is_file())
CONTENTS = {
    "nothing": b"",
    "binary": bytes(range(256)),
    "null": b"null\n",
    "empty list": b"[]\n",
    "list of lists": b"[[1], [2]]\n",
    "features of nothing": b'{"features": [null, 1, [], {}]}',
}
MAY_BE_EMPTY = {
    *("levels.yaml", "benefits/groups.yaml", "policies/policies.yaml", "readings/policies.yaml"),
    "services/items/companies.yaml",
}


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINYTOWN, tmp_path / "town"))


@pytest.mark.parametrize("file", FILES)
class TestCheckPack:
    @pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
    def test_answers_to_other_content(self, town: Path, file: str, content: bytes):
        (town / file).write_bytes(content)
        assert check_pack(town) or (file in MAY_BE_EMPTY and content == CONTENTS["empty list"])

    def test_answers_to_a_file_that_was_cut_or_scrambled(self, town: Path, file: str):
        whole = (TINYTOWN / file).read_bytes()
        chance = random.Random(file)
        for _ in range(3):
            start, end = sorted(chance.randrange(len(whole)) for _ in range(2))
            (town / file).write_bytes(whole[:start] + whole[end:])
            for fault in check_pack(town):
                assert (town / fault.file).exists() or fault.code in {"file.missing", "areas.missing"}
                assert fault.line >= 0

    def test_answers_to_values_of_another_kind(self, town: Path, file: str):
        whole = (TINYTOWN / file).read_text()
        for old, new in ((": ", ": -1 # "), (": ", ": {} # "), (": ", ": [] # "), (",", ",,"), ("1", "-9"), ("0", "")):
            (town / file).write_text(whole.replace(old, new))
            assert all(fault.hint for fault in check_pack(town))
