"""Work that is done in a child, so that nothing of it stays."""

from pathlib import Path

import pytest

from zhicheng.config.processes.lifeline import run_in_child


class TestRunInChild:
    def test_leaves_nothing_behind_but_what_it_wrote(self, tmp_path: Path) -> None:
        taken: list[bytes] = []

        def work() -> None:
            taken.append(bytes(1000))
            (tmp_path / "done").write_text("yes")

        run_in_child(work)
        assert (tmp_path / "done").read_text() == "yes"
        assert taken == []

    def test_tells_why_it_failed(self, capfd: pytest.CaptureFixture[str]) -> None:
        def refuse() -> None:
            raise SystemExit("城市包有错")

        with pytest.raises(SystemExit) as ended:
            run_in_child(refuse)
        assert ended.value.code == 1
        assert "城市包有错" in capfd.readouterr().err

    def test_shows_where_it_broke(self, capfd: pytest.CaptureFixture[str]) -> None:
        def fall() -> None:
            raise ZeroDivisionError

        with pytest.raises(SystemExit):
            run_in_child(fall)
        assert "ZeroDivisionError" in capfd.readouterr().err
