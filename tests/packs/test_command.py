"""`zhicheng pack` as a person types it."""

import argparse
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhicheng.config.cli import pack
from zhicheng.core.cases.models import Case
from zhicheng.core.cases.public import new_case, store_case
from zhicheng.core.cases.values import CaseDraft
from zhicheng.core.packs.public import current_pack, forget_installed_pack
from zhicheng.core.parties.values import system_actor

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SYSTEM = system_actor("test")
LIMIT = {"working_days": 5, "source": "示意"}
TINYTOWN = Path(__file__).resolve().parents[2] / "packs" / "tinytown"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    forget_installed_pack()
    return Path(shutil.copytree(TINYTOWN, tmp_path / "town"))


@pytest.fixture
def broken(town: Path) -> Path:
    (town / "units.csv").write_text((town / "units.csv").read_text().replace("water_supply,,,", "water_supply"))
    return town


def run(*words: str | Path) -> int:
    parser = argparse.ArgumentParser(prog="zhicheng")
    pack.register(parser.add_subparsers(required=True))
    options = parser.parse_args(["pack", *map(str, words)])
    assert options.needs_django
    return int(options.run(options))


class TestPackCheck:
    def test_is_silent_about_a_good_pack(self, capsys: pytest.CaptureFixture[str]):
        assert run("check", TINYTOWN) == 0
        assert capsys.readouterr().out == "没有发现问题。\n"

    def test_names_file_line_and_what_to_do(self, broken: Path, capsys: pytest.CaptureFixture[str]):
        assert run("check", broken) == 1
        first, second = capsys.readouterr().out.splitlines()[:2]
        assert first.startswith("units.csv:4  csv.ragged  这一行有 7 格")
        assert second.startswith("    ")

    def test_writes_json(self, broken: Path, capsys: pytest.CaptureFixture[str]):
        assert run("check", broken, "--json") == 1
        fault = json.loads(capsys.readouterr().out)["faults"][0]
        assert (fault["file"], fault["line"], fault["code"]) == ("units.csv", 4, "csv.ragged")

    def test_says_that_there_is_no_folder(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
        assert run("check", tmp_path / "nowhere") == 1
        assert "没有这个目录" in capsys.readouterr().out


class TestPackDiff:
    def test_prints_release_notes(self, town: Path, capsys: pytest.CaptureFixture[str]):
        (town / "pack.yaml").write_text(
            (TINYTOWN / "pack.yaml").read_text().replace("version: 0.1.0", "version: 0.2.0")
        )
        (town / "units.csv").write_text((TINYTOWN / "units.csv").read_text().replace("供水站", "供水公司"))
        assert run("diff", TINYTOWN, town) == 0
        out = capsys.readouterr().out
        assert out.startswith("# 云溪镇城市包 0.1.0 → 0.2.0 更新说明\n")
        assert "由 云溪镇供水站 改为 云溪镇供水公司" in out

    def test_says_which_folder_is_missing(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
        assert run("diff", TINYTOWN, tmp_path / "nowhere") == 1
        assert "nowhere" in capsys.readouterr().err


@pytest.mark.django_db
class TestPackInstall:
    def test_installs_once(self, town: Path, capsys: pytest.CaptureFixture[str]):
        assert run("install", town) == 0
        assert current_pack().code == "tinytown"
        assert run("install", town) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].startswith("tinytown 0.1.0：已安装")
        assert lines[1].startswith("tinytown 0.1.0：内容没有变化")

    def test_refuses_a_broken_pack(self, broken: Path, capsys: pytest.CaptureFixture[str]):
        assert run("install", broken, "--skip-tests") == 1
        assert "运行中的城市没有任何变化" in capsys.readouterr().out

    def test_compares_the_installed_pack_with_a_folder(self, town: Path, capsys: pytest.CaptureFixture[str]):
        assert run("diff", town) == 1
        run("install", town)
        assert run("diff", town) == 0
        assert "内容没有变化" in capsys.readouterr().out

    def test_refuses_a_pack_whose_own_test_fails(self, town: Path, capsys: pytest.CaptureFixture[str]):
        (town / "tests" / "wrong.yaml").write_text("tests:\n  - kind: astrology\n    name: 看星座\n")
        assert run("install", town) == 1
        assert "tests/wrong.yaml:2  test.unknown_kind" in capsys.readouterr().out


class TestPackTest:
    def test_counts_what_passed(self, capsys: pytest.CaptureFixture[str]):
        assert run("test", TINYTOWN) == 0
        assert "条测试全部通过" in capsys.readouterr().out


@pytest.mark.django_db
class TestMigrateCases:
    @pytest.fixture
    def versions(self, town: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str, str]:
        """An appeal in arbitration on the old process, and a new one that calls this state otherwise."""
        assert run("install", town) == 0
        case = store_case(new_case(CaseDraft("appeal", "YX", "路灯不亮", facts={"limit": LIMIT}), SYSTEM, NOW), now=NOW)
        Case.objects.filter(pk=case.id).update(state="arbitration")
        file = town / "processes" / "appeal.yaml"
        file.write_text(file.read_text().replace("arbitration", "disputed"))
        assert run("install", "--skip-tests", town) == 0
        capsys.readouterr()
        assert run("migrate-cases") == 1
        lines = [line.split() for line in capsys.readouterr().out.splitlines() if " appeal " in line]
        assert [line[3:] for line in lines] == [["旧版", "在办", "1", "件"], ["现行", "在办", "0", "件"]]
        return case.number, lines[0][0], lines[1][0]

    def test_lists_what_does_not_fit_and_moves_what_the_table_says(
        self, versions: tuple[str, str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ):
        number, old, new = versions
        assert run("migrate-cases", "--from", old, "--to", new) == 1
        assert f"{number}  arbitration  新流程没有这个状态" in capsys.readouterr().out
        table = tmp_path / "states.yaml"
        table.write_text("arbitration: disputed\n")
        assert run("migrate-cases", "--from", old, "--to", new, "--map", table, "--dry-run") == 0
        assert capsys.readouterr().out == "可以迁移 1 件在办工单（没有改动）。\n"
        assert run("migrate-cases", "--from", old, "--to", new, "--map", table) == 0
        assert capsys.readouterr().out == "已迁移 1 件在办工单。\n"
        assert Case.objects.get(number=number).state == "disputed"

    def test_reports_a_table_that_cannot_be_read(
        self, versions: tuple[str, str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ):
        _, old, new = versions
        assert run("migrate-cases", "--from", old, "--to", new, "--map", tmp_path / "no.yaml") == 1
        assert "no.yaml" in capsys.readouterr().out
