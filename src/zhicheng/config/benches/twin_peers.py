"""PostGIS with the same buildings, and pygeoapi and tipg in front of it, each as its makers run it in production."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
from pyarrow import parquet

from zhicheng.config import environment
from zhicheng.config.benches.city import free_port
from zhicheng.config.processes.lifeline import dying_with_parent

MISSING = "在源码仓库里运行 make bench-peers，并安装 PostGIS：apt install postgresql-15-postgis-3"
_BIN = Path("/usr/lib/postgresql/15/bin")
_START_S = 60.0
_TYPES = {"int32": "integer", "int64": "bigint", "double": "double precision", "bool": "boolean"}
_NOWHERE = subprocess.DEVNULL
_SETTINGS = ("shared_buffers=512MB", "synchronous_commit=off", "work_mem=32MB", "max_connections=60")


class PeerMissing(Exception):
    """A peer is not installed, or did not start; says what to do."""


@dataclass(frozen=True)
class Peer:
    """A running server: where it answers, and how a page of a box is asked for there."""

    name: str
    port: int
    path: str


@contextmanager
def running_peers(buildings: list[Path], cache: Path) -> Iterator[list[Peer]]:
    """PostGIS filled with the buildings, pygeoapi and tipg in front of it; stopped at the end.

    Raises:
        PeerMissing: something is not installed.
    """
    python = environment.REPOSITORY / ".venv-peers-maps" / "bin"
    extension = Path("/usr/share/postgresql/15/extension/postgis.control")
    if not (_BIN / "initdb").exists() or not extension.exists() or not (python / "pygeoapi").exists():
        raise PeerMissing(MISSING)
    with (
        _postgis(cache, buildings) as port,
        tempfile.TemporaryDirectory(prefix="zhicheng-peers-") as name,
        _pygeoapi(python, Path(name), port) as first,
        _tipg(python, port) as second,
    ):
        yield [first, second]


@contextmanager
def _postgis(cache: Path, buildings: list[Path]) -> Iterator[int]:
    """A server of our own; its folder is kept for the next run."""
    folder = cache / "postgis"
    is_new = not (folder / "filled").exists()
    if is_new:
        _make_folder(folder)
    port = free_port()
    options = [word for setting in _SETTINGS for word in ("-c", setting)]
    arguments = [
        _BIN / "postgres",
        "-D",
        folder / "data",
        "-p",
        port,
        "-k",
        folder / "data",
        "-h",
        "127.0.0.1",
        *options,
    ]
    process = _started(_user_command(arguments), signal.SIGINT)
    try:
        _await_port(port)
        if is_new:
            _fill(port, buildings)
            (folder / "filled").touch()
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _make_folder(folder: Path) -> None:
    """An empty cluster in a folder that its user can reach."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        closed = [parent for parent in (folder, *folder.parents) if parent.stat().st_mode & 0o005 != 0o005]
        if closed:
            raise PeerMissing(f"PostgreSQL 用户读不到 {closed[0]}，请换一个 ZHICHENG_CACHE")
    _as_postgres([_BIN / "initdb", "-D", folder / "data", "-A", "trust", "-U", "postgres", "--no-locale", "-E", "UTF8"])


def _fill(port: int, buildings: list[Path]) -> None:
    """The same columns, a key, an index on the shapes, statistics: what a peer needs to be fast."""
    schema = parquet.read_schema(buildings[0])
    plain = [field for field in schema if field.name != "geometry"]
    columns = ", ".join(f'"{field.name}" {_TYPES.get(str(field.type), "text")}' for field in plain)
    address = f"host=127.0.0.1 port={port} user=postgres dbname="
    with psycopg.connect(address + "postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE buildings")
    with psycopg.connect(address + "buildings", autocommit=True) as connection:
        connection.execute("CREATE EXTENSION postgis")
        connection.execute(f"CREATE TABLE building ({columns}, geometry geometry(Geometry, 4326))")
        for path in buildings:
            _copy(connection, parquet.read_table(path), [field.name for field in plain])
        connection.execute("ALTER TABLE building ADD PRIMARY KEY (building_key)")
        connection.execute("CREATE INDEX building_geometry ON building USING gist (geometry)")
        connection.execute("CLUSTER building USING building_geometry")
        connection.execute("VACUUM ANALYZE building")


def _copy(connection: psycopg.Connection[Any], table: pa.Table, names: list[str]) -> None:
    listed = ", ".join(f'"{name}"' for name in names)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY building ({listed}, geometry) FROM STDIN") as copy,
    ):
        for batch in table.select([*names, "geometry"]).to_batches(20_000):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                copy.write_row([*row[:-1], _ewkb(row[-1])])


def _ewkb(wkb: bytes) -> str:
    """A shape in degrees as PostGIS reads it."""
    return (wkb[:4] + bytes([wkb[4] | 0x20]) + (4326).to_bytes(4, "little") + wkb[5:]).hex()


@contextmanager
def _pygeoapi(python: Path, folder: Path, database_port: int) -> Iterator[Peer]:
    """With gunicorn and two workers, as its documentation does."""
    port = free_port()
    script = environment.REPOSITORY / "bench" / "twin_peers.py"
    made = [python / "python", script, folder, "127.0.0.1", database_port, port]
    settings = {
        **os.environ,
        "PYGEOAPI_CONFIG": str(folder / "pygeoapi.yml"),
        "PYGEOAPI_OPENAPI": str(folder / "openapi.yml"),
    }
    subprocess.run([str(word) for word in made], check=True, env=settings, stdout=_NOWHERE, stderr=_NOWHERE)  # noqa: S603
    command = [python / "gunicorn", "--workers", 2, "--worker-class", "gthread", "--threads", 4, "--bind"]
    command += [f"127.0.0.1:{port}", "--keep-alive", 60, "pygeoapi.flask_app:APP"]
    with _served(command, settings, f"http://127.0.0.1:{port}/collections/building/items?f=json&limit=1"):
        yield Peer("pygeoapi", port, "/collections/building/items?f=json&limit={limit}&bbox={bbox}")


@contextmanager
def _tipg(python: Path, database_port: int) -> Iterator[Peer]:
    """With uvicorn and two workers, as its image does."""
    port = free_port()
    address = f"postgresql://postgres@127.0.0.1:{database_port}/buildings"
    settings = {**os.environ, "DATABASE_URL": address, "DB_MAX_CONN_SIZE": "10", "TIPG_DB_SCHEMAS": '["public"]'}
    command = [python / "uvicorn", "tipg.main:app", "--host", "127.0.0.1", "--port", port, "--workers", 2]
    command += ["--log-level", "error", "--no-access-log"]
    base = f"http://127.0.0.1:{port}/collections/public.building/items"
    with _served(command, settings, base + "?limit=1"):
        yield Peer("tipg", port, "/collections/public.building/items?f=geojson&limit={limit}&bbox={bbox}")


def _started(
    words: list[str], ending: signal.Signals, settings: dict[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    hook = dying_with_parent(ending)
    return subprocess.Popen(words, env=settings, preexec_fn=hook, stdout=_NOWHERE, stderr=_NOWHERE)  # noqa: S603


@contextmanager
def _served(command: list[object], settings: dict[str, str], url: str) -> Iterator[None]:
    words = [str(word) for word in command]
    process = _started(words, signal.SIGTERM, settings)
    try:
        _await(url, process)
        yield
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        process.kill()


def _await(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=30):  # noqa: S310  # our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise PeerMissing(f"没有启动：{url}")


def _await_port(port: int) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname=postgres").close()
            return
        time.sleep(0.2)
    raise PeerMissing("PostgreSQL 没有启动")


def _as_postgres(command: list[object]) -> None:
    subprocess.run(_user_command(command), check=True, stdout=_NOWHERE, stderr=_NOWHERE)  # noqa: S603


def _user_command(command: list[object]) -> list[str]:
    """PostgreSQL refuses to run as root."""
    words = [str(word) for word in command]
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *words] if os.geteuid() == 0 else words
