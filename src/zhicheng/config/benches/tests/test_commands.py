"""The files of commands that `evaluate commands` reads."""

from pathlib import Path

import pytest

from zhicheng.config import environment
from zhicheng.config.benches.commands import FileRefused, measure, read_cases

PACK = environment.REPOSITORY / "packs" / "shenzhen"


class TestReadCases:
    @pytest.mark.parametrize("text", ["[]", "now: 2026-03-11", "now: yesterday\ncommands: []", "now: [", ""])
    def test_refuses_another_shape(self, tmp_path: Path, text: str) -> None:
        file = tmp_path / "commands.yaml"
        file.write_text(text)
        with pytest.raises(FileRefused):
            list(read_cases(file))


class TestMeasure:
    def test_of_shenzhen_is_large_enough_and_read_rightly(self) -> None:
        files = sorted((PACK / "evaluation").glob("commands*.yaml"))
        missed: list[str] = []
        figures = measure(PACK, files, say=missed.append)
        assert figures["n"] >= 300
        assert figures["exact"] >= 0.95, missed
        assert figures["n_wrong"] == 0, missed
