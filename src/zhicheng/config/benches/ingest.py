"""`zhicheng bench ingest`: readings over MQTT and in bulk, with 4.09 million devices known; Mosquitto beside us.

The whole city runs, as `zhicheng up` starts it, on the machine of the clients. While readings come in, the collector
brings them into the lake; at the end every one that was acknowledged is counted there.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from deltalake import DeltaTable

from zhicheng.config.benches.city import BenchCity, running_city
from zhicheng.config.benches.ingest_clients import run_client
from zhicheng.config.benches.ingest_peer import measure_mosquitto

DEVICES = 4_090_000
CONNECTIONS, WINDOW, SECONDS = 200, 10, 12.0
CLIENTS, ROWS = 4, 10_000
_BODIES = 350
_GIB = 2**30
_DRAIN_S = 90.0
_ALARM_LOAD_S, _GIVE_UP_S, _WARM_S = 10.0, 20.0, 60.0
_HOW = (
    "one city as zhicheng up starts it, clients on the same machine, 200 MQTT connections with ten QoS 1 readings "
    "under way on each, window by window, the better of two runs; a reading counts with its PUBACK, which NATS sends "
    "after JetStream has written it to its file. Bulk: four keep-alive connections, JSON in columns, 10,000 readings a "
    "body, each of another of the 4.09 million streams, counted with its answer after the log has it, one run. The "
    "collector takes all over, renews the latest state and fills the lake; in_lake counts there all that was "
    "acknowledged, warming-up included. peak_gib: all processes of the city, each shared page once. Mosquitto: alone, "
    "in memory, the same client, one run, before the city starts"
)


def measure(devices: int = DEVICES) -> dict[str, Any]:
    """All figures."""
    peer = measure_mosquitto(CONNECTIONS, WINDOW, SECONDS)
    os.environ["ZHICHENG_MQTT_PORT"] = "0"
    with running_city() as city, _watched(city) as memory:
        _await_file(city.home / "run" / "broker.json")
        plan = _prepared(city, devices)
        _say(f"{devices:,} 台设备，登记 {plan['register_seconds']} 秒")
        first = _mqtt(city, plan, 2.0, 0)  # compiled, connected once: the first seconds of a process are no measure
        runs = [_mqtt(city, plan, SECONDS, number) for number in (1, 2)]
        alarms, beside = _alarms(city, plan)
        mqtt = max(runs, key=lambda run: float(run["per_s"]))
        bulks = [_bulk(city, plan, 2.0, 0), _bulk(city, plan, SECONDS, 1)]
        told = sum(run["acknowledged"] for run in (first, *runs, beside)) + len(plan["detectors"])
        drained = _drained(city, told + sum(run["accepted"] for run in bulks))
    return {
        "mqtt_qos1_per_s": mqtt["per_s"],
        "http_bulk_per_s": bulks[-1]["per_s"],
        "devices": plan["devices"],
        "alarm_s": None if None in alarms else max(each for each in alarms if each is not None),
        "peak_gib": round(max(memory) / _GIB, 2),
        "peer_ratio": round(mqtt["per_s"] / peer["per_s"], 2) if "per_s" in peer else None,
        **({"peer_missing": peer["missing"]} if "missing" in peer else {}),
        **drained,
        "alarms_s": alarms,
        "mqtt": runs,
        "bulk": bulks[-1],
        "mosquitto": peer,
        "register_seconds": plan["register_seconds"],
        "how": _HOW,
        "load_1m": round(os.getloadavg()[0], 2),
    }


def _prepared(city: BenchCity, devices: int) -> dict[str, Any]:
    call = "from zhicheng.config.cli import main; raise SystemExit(main())"
    command = [sys.executable, "-c", call, "bench", "devices", "--count", str(devices), "--senders", str(CONNECTIONS)]
    given = {**os.environ, "ZHICHENG_HOME": str(city.home), "DATABASE_URL": city.database_url}
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _mqtt(city: BenchCity, plan: dict[str, Any], seconds: float, number: int) -> dict[str, Any]:
    at = json.loads((city.home / "run" / "broker.json").read_text(encoding="utf-8"))
    found = run_client(
        "mqtt_load.py",
        {
            "host": "127.0.0.1",
            "port": at["mqtt_port"],
            "connections": plan["senders"],
            "window": WINDOW,
            "seconds": seconds,
            "first_ms": int(time.time() * 1000) - 3_600_000 * (4 - number),  # an hour of its own for each run
        },
    )
    _say(f"MQTT {found['per_s']:,.0f} 条/秒（{CONNECTIONS} 个连接 {found['connect_seconds']} 秒连上）")
    return found


def _bulk(city: BenchCity, plan: dict[str, Any], seconds: float, number: int) -> dict[str, Any]:
    found = run_client(
        "bulk_load.py",
        {
            "host": "127.0.0.1",
            "port": int(city.url.rpartition(":")[2]),
            "key": plan["key"],
            "seconds": seconds,
            "clients": CLIENTS,
            "rows": ROWS,
            "bodies": _BODIES,
            "streams": plan["devices"],
            "first_stream": plan["first_stream"],
            "at_ms": int(time.time() * 1000) - 60_000 * (2 - number),
        },
    )
    _say(f"HTTP 批量 {found['per_s']:,.0f} 条/秒")
    return found


def _alarms(city: BenchCity, plan: dict[str, Any]) -> tuple[list[float | None], dict[str, Any]]:
    """Seconds from a detector's reading to its alarm in the database with its case, one detector after the other.

    Meanwhile the other devices go on sending: what they sent comes second. The first detector is not counted: rules are
    read and loops compiled for it.
    """
    _alarm(city, plan["detectors"][0], _WARM_S)
    with ThreadPoolExecutor(1) as pool:
        load = pool.submit(_mqtt, city, plan, _ALARM_LOAD_S, 3)
        found = [_alarm(city, detector, _GIVE_UP_S) for detector in plan["detectors"][1:]]
        beside = load.result()
    _say(f"告警 {found} 秒")
    return found, beside


def _alarm(city: BenchCity, detector: dict[str, str], most_s: float) -> float | None:
    """None where the alarm did not come."""
    with psycopg.connect(city.database_url, autocommit=True) as database:
        before = _count_alarms(database)
        begun_s = time.perf_counter()
        _send_one(city, detector)
        while _count_alarms(database) == before:
            if time.perf_counter() - begun_s > most_s:
                return None
            time.sleep(0.02)
    return round(time.perf_counter() - begun_s, 2)


def _count_alarms(database: "psycopg.Connection[Any]") -> int:
    row = database.execute("SELECT count(*) FROM telemetry_alarm").fetchone()
    return int(row[0]) if row else 0


def _send_one(city: BenchCity, device: dict[str, str]) -> None:
    """One reading far above the threshold, made now."""
    at = json.loads((city.home / "run" / "broker.json").read_text(encoding="utf-8"))
    plan = {"host": "127.0.0.1", "port": at["mqtt_port"], "window": 1, "seconds": 0.0, "connections": [device]}
    run_client("mqtt_load.py", {**plan, "first_ms": int(time.time() * 1000)})


def _drained(city: BenchCity, told: int) -> dict[str, Any]:
    """How long until the lake held everything that was acknowledged, and how much it holds."""
    begun_s = time.perf_counter()
    held = 0
    while time.perf_counter() - begun_s < _DRAIN_S:
        held = _rows(city.home / "lake" / "observation")
        if held >= told:
            break
        time.sleep(0.5)
    return {"acknowledged": told, "in_lake": held, "drain_seconds": round(time.perf_counter() - begun_s, 1)}


def _rows(folder: Path) -> int:
    if not DeltaTable.is_deltatable(str(folder)):
        return 0
    return int(DeltaTable(str(folder)).count())


@contextmanager
def _watched(city: BenchCity) -> Iterator[list[int]]:
    """Bytes of all processes of the city, each shared page once, every half second."""
    seen: list[int] = [0]
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.5):
            seen.append(sum(shared for _, shared in city.memory_bytes().values()))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _await_file(path: Path, timeout_s: float = 60.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not path.exists():
        if time.monotonic() > deadline:
            raise SystemExit(f"{path.name} 没有出现：消息服务没有启动")
        time.sleep(0.2)


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
