"""`zhicheng bench lists`: every list, count and single view of the workbench and the wall over a million cases."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from zhicheng.config.benches.filling import fill
from zhicheng.config.processes.postgres import EmbeddedPostgres

_CALL = "from zhicheng.config.cli import main; raise SystemExit(main())"


def measure(cases: int) -> dict[str, Any]:
    """In a database of its own that is thrown away."""
    home = Path(tempfile.mkdtemp(prefix="zhicheng-lists-", dir="/tmp"))
    home.chmod(0o755)
    os.environ["ZHICHENG_HOME"] = str(home)
    environment = {**os.environ, "ZHICHENG_LOG_LEVEL": "ERROR"}
    environment.pop("DATABASE_URL", None)
    postgres = EmbeddedPostgres(home)
    try:
        postgres.start()
        _zhicheng(environment, "prepare")
        filled_s = fill(postgres.url(), cases)
        found: dict[str, Any] = json.loads(_zhicheng(environment, "bench", "timing"))
    finally:
        postgres.stop()
        shutil.rmtree(home, ignore_errors=True)
    views = found["views_ms"]
    worst = max(views, key=lambda name: views[name])
    counts = max(value for name, value in views.items() if name.startswith("count_queues"))
    return {
        "worst_view_ms": views[worst],
        "queue_counts_ms": counts,
        "cases": cases,
        "worst_view": worst,
        "views_ms": dict(sorted(views.items(), key=lambda item: -item[1])),
        "fill_seconds": round(filled_s, 1),
        "load_1m": round(os.getloadavg()[0], 2),
    }


def measure_inside(repeats: int = 5) -> dict[str, Any]:
    """Medians of each view in milliseconds, in a process that has Django on a filled database."""
    from zhicheng.simulator.public import views_to_time  # noqa: PLC0415  # needs Django

    found = {}
    for name, view in views_to_time().items():
        view()
        times = []
        for _ in range(repeats):
            started_s = time.perf_counter()
            view()
            times.append((time.perf_counter() - started_s) * 1000)
        found[name] = round(statistics.median(times), 1)
        if os.environ.get("ZHICHENG_BENCH_SAY"):
            sys.stderr.write(f"{found[name]:9.1f} {name}\n")
    return {"views_ms": found}


def _zhicheng(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-c", _CALL, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return done.stdout
