"""Whoever reads figures from stdout reads nothing else there."""

import os

import pytest

from zhicheng.config import environment
from zhicheng.config.benches.apart import run_command


class TestRunCommand:
    @pytest.mark.parametrize("is_preparing", [True, False])
    def test_says_on_stderr_what_prepares(self, capfd: pytest.CaptureFixture[str], is_preparing: bool) -> None:
        pack = environment.REPOSITORY / "packs" / "tinytown"
        assert run_command(["pack", "check", pack], dict(os.environ), is_preparing=is_preparing) == 0
        told = capfd.readouterr()
        said, silent = (told.err, told.out) if is_preparing else (told.out, told.err)
        assert "没有发现问题" in said
        assert "没有发现问题" not in silent
