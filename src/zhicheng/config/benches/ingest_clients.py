"""Calling the outside clients of `bench/`: they get what to do as JSON and answer with figures."""

import json
import subprocess
import sys
from typing import Any

from zhicheng.config import environment


def run_client(script: str, plan: dict[str, Any]) -> dict[str, Any]:
    """One of the outside clients of `bench/`.

    Raises:
        SystemExit: it is not there, or it failed.
    """
    path = environment.REPOSITORY / "bench" / script
    if not path.exists():
        raise SystemExit("压测客户端在源码仓库的 bench/ 目录里：请在克隆的仓库中运行 zhicheng bench。")
    command = [sys.executable, str(path)]
    done = subprocess.run(command, input=json.dumps(plan), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found
