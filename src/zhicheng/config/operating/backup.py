"""Backup and restore of a whole city: database, files, checkpoints of the ledger, keys.

The database is dumped consistently while the city runs. The file of checkpoints is read before, so that it never
knows more than the dump; what the dump has beyond it, the first seal after the restore appends. Files, and those of
the lake's tables, only grow, so they are read after.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from zhicheng.config import environment
from zhicheng.config.database import database_url
from zhicheng.config.operating.archive import BackupDamaged, unpack, write_archive
from zhicheng.config.processes.postgres import EmbeddedPostgres, client_program
from zhicheng.kit.clock import now
from zhicheng.kit.errors import ErrorKind, ZhichengError

DUMP = "database.dump"
_BEFORE, _AFTER = ("ledger",), ("files", "demo", "lake")
_SECRET = ("keys", "secrets")
_OWN = {"secrets/postgres"}  # the password of this very server: a restored city has its own


class HomeNotEmpty(ZhichengError):
    """There is something where the city should be restored to."""

    code = "restore.home_not_empty"
    kind = ErrorKind.CONFLICT
    message = "{place} 里已经有内容。为了不覆盖任何数据，只能恢复到空的位置：请另设 {variable}。"


class DumpFailed(ZhichengError):
    """pg_dump or pg_restore gave up."""

    code = "backup.database_failed"
    kind = ErrorKind.UNAVAILABLE
    message = "{program} 没有成功：{why}"


@dataclass(frozen=True)
class Written:
    """A backup that was written."""

    parts: int
    size_bytes: int
    digest: str


@dataclass(frozen=True)
class Restored:
    """A city that was restored. Its ledger verifies; None where the keys to check it with are still to be put back."""

    home: Path
    parts: int
    ledger_entries: int | None


class LedgerDoesNotVerify(ZhichengError):
    """The restored ledger has findings."""

    code = "restore.ledger_broken"
    kind = ErrorKind.CONFLICT
    message = "数据已经恢复到 {home}，但账本校验没有通过：{why}"


def back_up(target: Path, *, with_keys: bool = True) -> Written:
    """Write a backup of the city under `ZHICHENG_HOME` (or at `DATABASE_URL`), running or not.

    Raises:
        DumpFailed: pg_dump gave up.
    """
    home, target = environment.home(), target.resolve()
    with tempfile.TemporaryDirectory(prefix=".zhicheng-backup-", dir=target.parent) as folder, _database():
        before = _copied(home, _BEFORE, Path(folder))
        dump = Path(folder) / DUMP
        _run("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={database_url()}")
        after = _listed(home, (*_AFTER, *(_SECRET if with_keys else ())))
        about = {
            "made_at": now().isoformat(),
            "program": version("zhicheng"),
            "with_keys": with_keys,
        }
        parts = write_archive(target, [(DUMP, dump), *before, *after], about)
    return Written(len(parts), target.stat().st_size, parts[0].sm3)


def restore(source: Path) -> Restored:
    """Restore into an empty home (and an empty database where `DATABASE_URL` is set), then verify the ledger.

    Raises:
        HomeNotEmpty: there is something already; nothing was touched.
        BackupDamaged: the file is not a whole backup; nothing was touched.
        DumpFailed: pg_restore gave up.
        LedgerDoesNotVerify: the data is there, but its ledger has findings.
    """
    home = environment.home()
    if home.exists() and any(home.iterdir()):
        raise HomeNotEmpty(place=home, variable="ZHICHENG_HOME")
    if not source.is_file():
        raise BackupDamaged(why=f"没有这个文件 {source}")
    with tempfile.TemporaryDirectory(prefix=".zhicheng-restore-", dir=source.resolve().parent) as folder:
        manifest = unpack(source, Path(folder))
        _place(Path(folder), home)
        with _database():
            _require_empty_database()
            options = ("--no-owner", "--exit-on-error", f"--dbname={database_url()}")
            _run("pg_restore", *options, str(Path(folder) / DUMP))
            entries = _verified(home) if manifest.get("with_keys") else None
    return Restored(home, len(manifest["parts"]), entries)


@contextmanager
def _database() -> Iterator[None]:
    """The server, started for as long as it is needed where none runs."""
    server = None if os.environ.get("DATABASE_URL") else EmbeddedPostgres(environment.home())
    if server is None or server.answers():
        yield
        return
    server.start()
    try:
        yield
    finally:
        server.stop()


def _copied(home: Path, folders: tuple[str, ...], into: Path) -> list[tuple[str, Path]]:
    found = []
    for name, path in _listed(home, folders):
        copy = into / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        found.append((name, copy))
    return found


def _listed(home: Path, folders: tuple[str, ...]) -> list[tuple[str, Path]]:
    paths = [path for folder in folders for path in sorted((home / folder).rglob("*")) if path.is_file()]
    named = [(path.relative_to(home).as_posix(), path) for path in paths if not path.name.startswith(".")]
    return [(name, path) for name, path in named if name not in _OWN]


def _place(unpacked: Path, home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)  # the server's user must reach its folder below
    for folder in (*_BEFORE, *_AFTER, *_SECRET):
        if (unpacked / folder).is_dir():
            for inner in (unpacked / folder, *(unpacked / folder).rglob("*")):
                inner.chmod(0o700 if inner.is_dir() else 0o600)  # before it is copied, modes and all
            (home / folder).mkdir(mode=0o700)
            shutil.copytree(unpacked / folder, home / folder, dirs_exist_ok=True)


def _require_empty_database() -> None:
    with psycopg.connect(database_url()) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if row and row[0]:
        raise HomeNotEmpty(place="数据库", variable="DATABASE_URL")


def _verified(home: Path) -> int:
    """Bring the file of checkpoints up to the table, verify; how many entries there are."""
    import django  # noqa: PLC0415  # settings must see the restored secrets

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.config.settings")
    django.setup()
    from django.db import connections  # noqa: PLC0415

    from zhicheng.core.ledger.public import seal, verify  # noqa: PLC0415

    try:
        while seal(now=now()):
            pass
        report = verify(now=now())
    finally:
        connections.close_all()
    if not report.is_intact:
        raise LedgerDoesNotVerify(home=home, why=report.findings[0].text)
    return report.entries


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run([client_program(program), *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        why: Any = (done.stderr.strip().splitlines() or ["没有说明"])[-1]
        raise DumpFailed(program=program, why=why[:500])
