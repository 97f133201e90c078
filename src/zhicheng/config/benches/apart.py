"""A city without servers, made for one measurement and thrown away: a running city is not disturbed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from zhicheng.config.processes.lifeline import dying_with_parent
from zhicheng.config.processes.postgres import EmbeddedPostgres


@contextmanager
def city_apart(name: str) -> Iterator[dict[str, str]]:
    """A prepared city in a temporary home; gives the environment in which commands concern it."""
    home = Path(tempfile.mkdtemp(prefix=f"zhicheng-{name}-", dir="/tmp"))
    home.chmod(0o755)
    environment = {**os.environ, "ZHICHENG_HOME": str(home), "ZHICHENG_LOG_LEVEL": "ERROR"}
    environment.pop("DATABASE_URL", None)
    os.environ["ZHICHENG_HOME"] = str(home)  # the server's password is a secret of that home
    postgres = EmbeddedPostgres(home, settings={"synchronous_commit": "off"})  # thrown away: nobody is acknowledged
    try:
        sys.stderr.write("准备一座临时的城市……\n")
        postgres.start()
        run_command(["prepare"], environment, is_preparing=True)
        yield environment
    finally:
        postgres.stop()
        shutil.rmtree(home, ignore_errors=True)


def run_command(arguments: Sequence[object], environment: dict[str, str], *, is_preparing: bool = False) -> int:
    """`zhicheng …` there; 0 or 1. What prepares says its words on stderr: stdout is for the figures.

    Raises:
        SystemExit: it broke off.
    """
    call = "from zhicheng.config.cli import main; raise SystemExit(main())"
    command = [sys.executable, "-c", call, *map(str, arguments)]
    hook = dying_with_parent(signal.SIGTERM)
    told = sys.stderr if is_preparing else None
    done = subprocess.run(command, env=environment, check=False, stdout=told, preexec_fn=hook)  # noqa: S603
    if done.returncode not in {0, 1}:
        raise SystemExit(done.returncode)
    return done.returncode
