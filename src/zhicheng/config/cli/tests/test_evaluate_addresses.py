import json
from argparse import ArgumentParser

import pytest

from zhicheng.config.benches import addresses
from zhicheng.config.cli import evaluate
from zhicheng.engines.addresses.network.learning import Course
from zhicheng.engines.addresses.tests.samples import as_file, invented_addresses


def call(*words):
    parser = ArgumentParser()
    evaluate.register(parser.add_subparsers())
    options = parser.parse_args(["evaluate", "addresses", *map(str, words), "--json"])
    return options.run(options)


@pytest.fixture
def train(tmp_path):
    path = tmp_path / "train.txt"
    path.write_text(as_file(invented_addresses(80)), encoding="utf-8")
    return path


class TestEvaluateAddresses:
    def test_prints_one_object(self, train, tmp_path, capsys, monkeypatch):
        monkeypatch.setattr(addresses, "COURSES", (Course(rounds=12, batch=8),))
        test = tmp_path / "test.txt"
        test.write_text(as_file(invented_addresses(20, seed=9)), encoding="utf-8")
        assert call("--train", train, "--test", test, "--places", "0") == 0
        (line,) = capsys.readouterr().out.splitlines()
        figures = json.loads(line)
        assert figures["n"] == 20
        assert figures["span_f1"] > 0.5
        assert figures["place_top1"] is None

    def test_refuses_a_file_without_addresses(self, train, tmp_path, capsys):
        (tmp_path / "empty.txt").write_text("\n\n")
        assert call("--train", train, "--test", tmp_path / "empty.txt") == 2
        assert "没有数据" in capsys.readouterr().err

    def test_refuses_a_missing_file(self, train, tmp_path, capsys):
        assert call("--train", train, "--test", tmp_path / "nowhere.txt") == 2
        assert "nowhere.txt" in capsys.readouterr().err
