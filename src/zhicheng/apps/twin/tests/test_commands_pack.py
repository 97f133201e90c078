"""The words of a pack: which keys a file of them may have."""

import shutil
from pathlib import Path

from zhicheng.apps.twin.sections.commands import COMMANDS

TINYTOWN = Path(__file__).resolve().parents[5] / "packs" / "tinytown"


class TestLoad:
    def test_takes_what_people_call_indicators(self, tmp_path: Path) -> None:
        town = Path(shutil.copytree(TINYTOWN, tmp_path / "town"))
        (town / "commands" / "more.yaml").write_text("indicators: {appeal.on_time: [按时率]}\n", encoding="utf-8")
        loaded = COMMANDS.load(town)
        assert not loaded.faults
        assert {"indicators": {"appeal.on_time": ["按时率"]}} in loaded.value["words"]

    def test_names_a_key_that_nobody_reads(self, tmp_path: Path) -> None:
        town = Path(shutil.copytree(TINYTOWN, tmp_path / "town"))
        (town / "commands" / "more.yaml").write_text("indicator: {}\n", encoding="utf-8")
        assert [(fault.file, fault.code) for fault in COMMANDS.load(town).faults] == [
            ("commands/more.yaml", "commands.key")
        ]
