"""`zhicheng bench appeals`: creates through the whole city, transitions through the Python API, the pure engine."""

import json
import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg

from zhicheng.config import environment
from zhicheng.config.benches.city import BenchCity, running_city

RUNS = 3
CLIENTS = 8
_WARM_UP = 400
_BASELINE_S = 4.0
_BACKLOG = "SELECT (SELECT count(*) FROM ledger_outbox), (SELECT count(*) FROM ledger_entry WHERE seq IS NULL)"
_PATIENCE_S = 120.0
_HOW = (
    "one process, one connection, public act(): accept, contact, reply on appeals that the load made, while nothing "
    "else is asked of the city; the worker hands over and seals meanwhile"
)


@dataclass(frozen=True)
class _Run:
    client: dict[str, Any]
    backlog_s: float
    cpu_ms: dict[str, float]


def measure(count: int) -> dict[str, Any]:
    """All figures; `count` appeals a run."""
    with running_city() as city:
        city.await_index()  # a city makes it once, right after its first start
        _client(city, _WARM_UP, seed=0)
        _drain(city)
        runs = [_run(city, count, seed) for seed in range(1, RUNS + 1)]
        baseline = statistics.median(_baseline(city) for _ in range(RUNS))
        inner = _inside(city)
    return {
        "create_per_s": _median(runs, "per_s"),
        "create_p50_ms": _median(runs, "p50_ms"),
        "create_p99_ms": _median(runs, "p99_ms"),
        "baseline_insert_per_s": round(baseline, 1),
        "backlog_s": round(statistics.median(run.backlog_s for run in runs), 2),
        **inner,
        "transitions_how": _HOW,
        "clients": CLIENTS,
        "runs": [run.client for run in runs],
        "cpu_ms_per_create": {
            name: round(statistics.median(run.cpu_ms[name] for run in runs), 2) for name in runs[0].cpu_ms
        },
        "load_1m": round(os.getloadavg()[0], 2),
    }


def _run(city: BenchCity, count: int, seed: int) -> _Run:
    before = city.cpu_s()
    figures = _client(city, count, seed)
    backlog_s = _drain(city)
    after = city.cpu_s()
    cpu_ms = {name: (after[name] - before.get(name, 0.0)) * 1000 / count for name in after}
    cpu_ms["client"] = figures["client_cpu_s"] * 1000 / count
    _say(f"{figures['per_s']} 件/秒，p99 {figures['p99_ms']} 毫秒，积压 {backlog_s:.2f} 秒")
    return _Run(figures, backlog_s, cpu_ms)


def _client(city: BenchCity, count: int, seed: int) -> dict[str, Any]:
    script = environment.REPOSITORY / "bench" / "appeals.py"
    if not script.exists():
        raise SystemExit("压测客户端在源码仓库的 bench/ 目录里：请在克隆的仓库中运行 zhicheng bench。")
    command = [sys.executable, str(script), "--url", city.url, "--pack", str(environment.pack_root())]
    command += ["--count", str(count), "--clients", str(CLIENTS), "--seed", str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if not done.stdout:
        raise SystemExit(done.stderr[-2000:])
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _drain(city: BenchCity) -> float:
    """Seconds until the outbox is empty and the ledger sealed."""
    started_s = time.perf_counter()
    with psycopg.connect(city.database_url, autocommit=True) as connection:
        while time.perf_counter() - started_s < _PATIENCE_S:
            if connection.execute(_BACKLOG).fetchone() == (0, 0):
                break
            time.sleep(0.02)
    return time.perf_counter() - started_s


def _baseline(city: BenchCity) -> float:
    """Rows a second that bare INSERTs reach: the table of cases without its indexes, one connection a client."""
    with psycopg.connect(city.database_url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bench_baseline")
        connection.execute("CREATE TABLE bench_baseline (LIKE cases_case)")
        connection.execute("ALTER TABLE bench_baseline ADD PRIMARY KEY (id)")
        row = connection.execute("SELECT to_jsonb(c) FROM cases_case c LIMIT 1").fetchone()
    with ThreadPoolExecutor(CLIENTS) as pool:
        counts = list(pool.map(lambda _: _insert(city, json.dumps(row[0] if row else {})), range(CLIENTS)))
    return sum(counts) / _BASELINE_S


def _insert(city: BenchCity, row: str) -> int:
    sql = (
        "INSERT INTO bench_baseline SELECT r.* FROM jsonb_populate_record(NULL::bench_baseline, "
        "%s::jsonb || jsonb_build_object('id', gen_random_uuid())) r"
    )
    done, until_s = 0, time.perf_counter() + _BASELINE_S
    with psycopg.connect(city.database_url, autocommit=True) as connection:
        while time.perf_counter() < until_s:
            connection.execute(sql, (row,))
            done += 1
    return done


def _inside(city: BenchCity) -> dict[str, Any]:
    """The figures of `measure_inside`, from a process that has Django on this city."""
    call = "from zhicheng.config.cli import main; raise SystemExit(main())"
    command = [sys.executable, "-c", call, "bench", "inside"]
    given = {**os.environ, "ZHICHENG_HOME": str(city.home), "DATABASE_URL": city.database_url}
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _median(runs: list[_Run], name: str) -> float:
    return float(statistics.median(run.client[name] for run in runs))


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
