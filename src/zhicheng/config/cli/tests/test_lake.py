from argparse import ArgumentParser
from pathlib import Path

import pytest

from zhicheng.config.cli import lake
from zhicheng.core.lake.errors import CopyInUse, QueryFailed
from zhicheng.core.lake.public import table_version
from zhicheng.core.lake.tests.conftest import home  # noqa: F401  # a fixture, used by being here
from zhicheng.core.lake.tests.copies import server, store, write  # noqa: F401  # two more
from zhicheng.core.places.tests import hamlet as village
from zhicheng.core.places.tests.conftest import hamlet  # noqa: F401  # a fixture, used by being here


def call(*words: str) -> int:
    parser = ArgumentParser()
    lake.register(parser.add_subparsers())
    options = parser.parse_args(["lake", *words])
    return int(options.run(options))


@pytest.fixture
def wells(hamlet: Path) -> None:  # noqa: F811  # the fixture
    village.fill("well", village.WELLS)


@pytest.mark.usefixtures("wells")
class TestQuery:
    def test_prints_the_first_rows_in_order(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert call("query", "SELECT well_key FROM layer_well ORDER BY 1 DESC; ", "--limit", "1") == 0
        out, err = capsys.readouterr()
        assert out.splitlines() == ["well_key", max(str(well["well_key"]) for well in village.WELLS)]
        assert err == "还有更多行，只显示前 1 行。\n"

    def test_changes_nothing(self) -> None:
        with pytest.raises(QueryFailed):
            call("query", "DELETE FROM layer_well")


class TestCopy:
    def test_carries_what_waits_and_says_how_it_stands(self, store, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
        write(3)
        assert call("copy") == 0
        assert capsys.readouterr().out == "复制了 1 个版本。\ns3://city-lake/sz/lake：落后 0 个版本。\n"

    def test_fails_aloud(self, store, settings, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
        settings.LAKE_S3_KEY = ("", "", "")
        write(3)
        assert call("copy") == 1
        said = capsys.readouterr()
        assert "AWS_ACCESS_KEY_ID" in said.err
        assert "落后 1 个版本" in said.out

    def test_comes_back_on_another_disk(self, store, settings, tmp_path, capsys) -> None:  # noqa: F811
        write(3)
        call("copy")
        settings.HOME = tmp_path / "another"
        with pytest.raises(CopyInUse):
            call("restore")
        assert call("restore", "--force") == 0
        assert "amounts：取回" in capsys.readouterr().out
        assert table_version("amounts").rows == 3

    @pytest.mark.parametrize("word", ["copy", "restore"])
    def test_wants_a_place(self, settings, word: str, capsys: pytest.CaptureFixture[str]) -> None:
        settings.LAKE_S3 = ""
        assert call(word) == 2
        assert "ZHICHENG_LAKE_S3" in capsys.readouterr().err
