import json
import os
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from zhicheng.config.operating import backup
from zhicheng.config.operating.archive import BackupDamaged, unpack, write_archive

PACK = Path(__file__).resolve().parents[5] / "packs" / "tinytown"
CALL = "from zhicheng.config.cli import main; raise SystemExit(main())"


class City:
    """A city in a home of its own, driven from the command line as an operator does."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {**os.environ, "ZHICHENG_HOME": str(home), "ZHICHENG_PACK": str(PACK)}
        self.environment.pop("DATABASE_URL", None)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", CALL, *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def while_serving(self, *calls: tuple[str, ...]) -> list[subprocess.CompletedProcess[str]]:
        """Run commands beside the database, as beside a running city."""
        script = "import sys; from zhicheng.config import environment as e; "
        script += "from zhicheng.config.processes.postgres import EmbeddedPostgres as P; "
        script += "p = P(e.home()); p.start(); print('up', flush=True); sys.stdin.read(); p.stop()"
        command = [sys.executable, "-c", script]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, env=self.environment, **pipes) as server:
            assert server.stdout.readline() == "up\n"
            done = [self.run(*call) for call in calls]
            server.stdin.close()
        return done


@pytest.mark.slow
class TestBackup:
    def test_brings_a_city_back_with_a_ledger_that_verifies(self, tmp_path_factory):
        folder = tmp_path_factory.mktemp("backup")
        folder.chmod(0o755)
        old, new, file = City(folder / "old"), City(folder / "new"), folder / "city.tar"
        prepared, verified = old.while_serving(("prepare", "--demo"), ("ledger", "verify", "--json"))
        assert prepared.returncode == 0, prepared.stderr
        assert old.run("backup", str(file)).returncode == 0
        restored = new.run("restore", str(file))
        assert restored.returncode == 0, restored.stderr
        (after,) = new.while_serving(("ledger", "verify", "--json"))
        before, found = json.loads(verified.stdout), json.loads(after.stdout)
        assert found["intact"]
        assert found["entries"] + found["unsealed"] >= before["entries"] + before["unsealed"] > 100
        again = new.run("restore", str(file))
        assert again.returncode == 1
        assert "restore.home_not_empty" in again.stderr


class TestPlace:
    def test_closes_every_folder_and_file(self, tmp_path):
        for name in ("keys/retired/old.json", "files/ab/cd/abcd"):
            path = tmp_path / "unpacked" / name
            path.parent.mkdir(parents=True)
            path.write_text("closed")
        backup._place(tmp_path / "unpacked", tmp_path / "home")
        placed = [path for name in ("keys", "files") for path in (tmp_path / "home" / name).rglob("*")]
        assert len(placed) == 5
        assert {stat.S_IMODE(path.stat().st_mode) for path in placed} == {0o600, 0o700}


class TestArchive:
    def written(self, tmp_path: Path) -> Path:
        (tmp_path / "part").write_text("海棠路 3 号")
        write_archive(tmp_path / "a.tar", [("files/part", tmp_path / "part")], {})
        return tmp_path / "a.tar"

    def test_gives_back_what_was_put_in(self, tmp_path):
        into = tmp_path / "into"
        manifest = unpack(self.written(tmp_path), into)
        assert (into / "files" / "part").read_text() == "海棠路 3 号"
        assert [part["name"] for part in manifest["parts"]] == ["files/part"]

    def test_is_closed_to_others_from_its_first_byte(self, monkeypatch, tmp_path):
        monkeypatch.setattr(Path, "chmod", lambda *_: None)  # afterwards is too late
        assert stat.S_IMODE(self.written(tmp_path).stat().st_mode) == 0o600

    def test_refuses_a_part_that_was_changed(self, tmp_path):
        unpack(self.written(tmp_path), tmp_path / "into")
        (tmp_path / "into" / "files" / "part").write_text("海棠路 4 号")
        with tarfile.open(tmp_path / "b.tar", "w") as archive:
            archive.add(tmp_path / "into", ".")
        with pytest.raises(BackupDamaged, match="改动"):
            unpack(tmp_path / "b.tar", tmp_path / "again")

    def test_refuses_a_part_that_is_not_in_the_manifest(self, tmp_path):
        unpack(self.written(tmp_path), tmp_path / "into")
        (tmp_path / "into" / "keys").write_text("strange")
        with tarfile.open(tmp_path / "b.tar", "w") as archive:
            archive.add(tmp_path / "into", ".")
        with pytest.raises(BackupDamaged, match="keys"):
            unpack(tmp_path / "b.tar", tmp_path / "again")

    def test_refuses_what_is_no_archive(self, tmp_path):
        (tmp_path / "a.tar").write_text("not a backup")
        with pytest.raises(BackupDamaged):
            unpack(tmp_path / "a.tar", tmp_path / "into")
