from argparse import ArgumentParser
from pathlib import Path

import pytest

from zhicheng.config.cli import layer
from zhicheng.core.places.tests.conftest import hamlet  # noqa: F401  # a fixture, used by being here

HEAD = "well_key,name,lon,lat"


def call(*words: str) -> int:
    parser = ArgumentParser()
    layer.register(parser.add_subparsers())
    options = parser.parse_args(["layer", *words])
    return int(options.run(options))


def write_wells(folder: Path, *lines: str) -> str:
    path = folder / "wells.csv"
    path.write_text("\n".join([HEAD, *lines]), encoding="utf-8")
    return str(path)


@pytest.mark.usefixtures("hamlet")
class TestLayer:
    def test_installs_lists_rebuilds_and_compares(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert call("install", "well", write_wells(tmp_path, "W1,一号井,114,22.5")) == 0
        assert call("install", "well", write_wells(tmp_path, "W1,老井,114,22.5", "W2,二号井,114,22.5")) == 0
        assert call("rebuild", "well") == 0
        assert call("list") == 0
        assert call("diff", "well", "0", "1") == 0
        said = capsys.readouterr().out
        assert "layer_well@0：读入 1 行，装入 1 行，拒绝 0 行。" in said
        assert "水井  第 1 版 2 个" in said
        assert "房屋  没有数据" in said
        assert "新增 1 个，删除 0 个，变更 1 个" in said
        assert "变更 W1：name" in said

    def test_names_what_was_rejected(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert call("install", "well", write_wells(tmp_path, "W1,一号井,east,22.5"), "--crs", "gcj02") == 1
        assert "值的类型不对：1 处" in capsys.readouterr().out
