import os
import pwd
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhicheng.config import environment
from zhicheng.config.processes import postgres
from zhicheng.config.processes.postgres import EmbeddedPostgres, PostgresDidNotStart


@pytest.fixture
def open_home() -> Iterator[Path]:
    """A home that everybody can walk into; pytest's own folders are closed."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="zhicheng-home-") as name:
        home = Path(name) / "deep" / "home"
        home.mkdir(parents=True)
        Path(name).chmod(0o755)
        yield home


def under_root(monkeypatch, *, root: bool = True) -> None:
    user = pwd.getpwnam("nobody") if root else None
    monkeypatch.setattr(postgres, "_server_user", lambda: user)


class TestFolder:
    def test_is_under_home_where_the_servers_user_can_get_there(self, monkeypatch, open_home):
        under_root(monkeypatch)
        assert EmbeddedPostgres(open_home).folder == open_home / "postgres"

    def test_is_elsewhere_when_a_folder_above_is_closed(self, monkeypatch, open_home):
        under_root(monkeypatch)
        open_home.parent.chmod(0o700)
        server = EmbeddedPostgres(open_home)
        assert server.folder.is_relative_to("/var/lib/zhicheng")
        assert server.folder != EmbeddedPostgres(open_home / "other").folder
        assert stat.S_IMODE(open_home.parent.stat().st_mode) == 0o700

    def test_is_under_home_for_ordinary_users(self, monkeypatch, tmp_path):
        under_root(monkeypatch, root=False)
        assert EmbeddedPostgres(tmp_path).folder == tmp_path / "postgres"

    def test_has_a_socket_whose_address_is_short(self, tmp_path):
        deep = tmp_path / ("a" * 200)
        address = str(EmbeddedPostgres(deep).socket_folder / ".s.PGSQL.5432")
        assert len(address.encode()) < 107


class TestStart:
    def test_says_why_there_is_no_server(self, monkeypatch):
        monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
        monkeypatch.setattr(Path, "exists", lambda _path: False)
        with pytest.raises(PostgresDidNotStart, match="PostgreSQL 15"):
            postgres._binaries()

    def test_is_not_running_before(self, tmp_path):
        server = EmbeddedPostgres(tmp_path)
        assert (server.is_running(), server.pid, server.wait(0)) == (False, 0, None)


class TestInitialise:
    def test_leaves_no_password_to_be_read(self, monkeypatch, tmp_path):
        monkeypatch.setenv("ZHICHENG_HOME", str(tmp_path))
        monkeypatch.setattr(Path, "chmod", lambda *_: None)
        server, seen = EmbeddedPostgres(tmp_path), []

        def initdb(command: list[str]) -> None:
            seen.append(stat.S_IMODE((server.folder / "password").stat().st_mode))
            Path(command[command.index("-D") + 1]).mkdir()

        monkeypatch.setattr(server, "_run", initdb)
        server.folder.mkdir(parents=True, exist_ok=True)
        (server.folder / "password").write_text("of a start that was killed")
        server._initialise(server.folder / "data")
        assert seen == [0o600]
        assert not (server.folder / "password").exists()


class TestSecret:
    def test_is_one_when_eight_processes_start_at_once(self, tmp_path):
        program = "from zhicheng.config import environment; print(environment.secret('django'))"
        own = {**os.environ, "ZHICHENG_HOME": str(tmp_path)}
        started = [
            subprocess.Popen([sys.executable, "-c", program], env=own, stdout=subprocess.PIPE, text=True)
            for _ in range(8)
        ]
        said = {process.communicate(timeout=30)[0].strip() for process in started}
        assert len(said) == 1
        assert len(said.pop()) >= 48
        (path,) = (tmp_path / "secrets").iterdir()
        assert (path.name, stat.S_IMODE(path.stat().st_mode)) == ("django", 0o600)

    def test_is_closed_to_others_from_its_first_byte(self, monkeypatch, tmp_path):
        monkeypatch.setenv("ZHICHENG_HOME", str(tmp_path))
        monkeypatch.setattr(Path, "chmod", lambda *_: None)  # afterwards is too late
        before = os.umask(0)
        try:
            environment.secret.__wrapped__("harbour")
        finally:
            os.umask(before)
        assert stat.S_IMODE((tmp_path / "secrets" / "harbour").stat().st_mode) == 0o600

    def test_is_not_written_into_a_file_that_somebody_else_made(self, tmp_path):
        (tmp_path / "waiting").touch(mode=0o666)
        with pytest.raises(FileExistsError):
            environment.write_private(tmp_path / "waiting", "secret")
        assert (tmp_path / "waiting").read_text() == ""

    def test_comes_from_the_environment_when_given(self, monkeypatch, tmp_path):
        monkeypatch.setenv("ZHICHENG_HOME", str(tmp_path))
        monkeypatch.setenv("ZHICHENG_HARBOUR", "given")
        assert environment.secret.__wrapped__("harbour") == "given"
        assert not (tmp_path / "secrets").exists()


class TestVariables:
    @pytest.mark.parametrize(("text", "meant"), [("1", True), ("YES", True), ("on", True), ("0", False), ("", False)])
    def test_flags_read_yes_and_no(self, monkeypatch, text, meant):
        monkeypatch.setenv("ZHICHENG_TEST_FLAG", text)
        assert environment.flag("ZHICHENG_TEST_FLAG") is meant

    def test_numbers_say_which_variable_is_wrong(self, monkeypatch):
        assert environment.integer("ZHICHENG_TEST_NUMBER", 5) == 5
        monkeypatch.setenv("ZHICHENG_TEST_NUMBER", "five")
        with pytest.raises(SystemExit, match="ZHICHENG_TEST_NUMBER"):
            environment.integer("ZHICHENG_TEST_NUMBER", 5)
