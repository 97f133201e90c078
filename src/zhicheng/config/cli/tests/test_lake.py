from argparse import ArgumentParser
from pathlib import Path

import pytest

from zhicheng.config.cli import lake
from zhicheng.core.lake.errors import QueryFailed
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
