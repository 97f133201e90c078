"""What `zhicheng up` looks at before it starts anything."""

import pytest

from zhicheng.config.cli.city import _check_copy
from zhicheng.core.lake import public
from zhicheng.core.lake.errors import CopyOwned, CopyUnreachable
from zhicheng.kit.errors import ZhichengError


class TestCheckCopy:
    def meet(self, monkeypatch: pytest.MonkeyPatch, error: ZhichengError) -> None:
        def refuse() -> None:
            raise error

        monkeypatch.setattr(public, "require_no_other_lake", refuse)
        _check_copy()

    def test_ends_where_the_copy_of_a_full_lake_waits(self, monkeypatch) -> None:
        with pytest.raises(SystemExit, match="zhicheng lake restore"):
            self.meet(monkeypatch, CopyOwned(place="s3://city/lake", owner="old", at="2026-03-04 10:00"))

    def test_goes_on_where_the_store_is_away(self, monkeypatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.meet(monkeypatch, CopyUnreachable(host="store.example.cn", why="超时"))
        assert "连不上对象存储 store.example.cn" in capsys.readouterr().err
