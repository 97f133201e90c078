import json
from argparse import ArgumentParser
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from zhicheng.config import environment
from zhicheng.config.cli import simulate

TINYTOWN = environment.REPOSITORY / "packs" / "tinytown"


def call(*words: str) -> int:
    parser = ArgumentParser()
    simulate.register(parser.add_subparsers())
    options = parser.parse_args(["simulate", "city", *words, "--processes", "1"])
    return int(options.run(options))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZHICHENG_PACK", str(TINYTOWN))
    return tmp_path / "cache"


class TestSimulateCity:
    def test_prints_one_object_with_rows_and_bytes(self, cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert call("--cache", str(cache), "--json") == 0
        out, progress = capsys.readouterr()
        figures = json.loads(out)
        assert figures["rows"]["building"] == 260
        assert figures["bytes"] == sum(path.stat().st_size for path in Path(figures["folder"]).rglob("*.parquet"))
        assert "社区 2/2" in progress

    def test_makes_only_the_areas_that_were_named(self, cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert call("--cache", str(cache), "--areas", "990101001002") == 0
        assert "folder" in capsys.readouterr().out
        (folder,) = cache.glob("city-cut-*")
        keys = pq.read_table(folder / "building").column("building_key").to_pylist()
        assert {key[:12] for key in keys} == {"990101001002"}
