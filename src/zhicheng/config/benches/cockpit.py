"""`zhicheng bench cockpit`: the wall with 100,000 devices in Chromium, and how soon it shows an alarm."""

import json
import os
import subprocess
import sys
import time
from typing import Any

from zhicheng.config.benches.city import BenchCity, running_city
from zhicheng.config.benches.ingest_clients import run_client

DEVICES, SECONDS = 100_000, 10.0
_HOW = (
    "one demo city as zhicheng up starts it, devices copied into its database, Chromium without a graphics card "
    "(`renderer` says what draws) on the same machine at 1920 by 1080; frames: milliseconds between animation frames "
    "while the map is moved and zoomed for ten seconds, the same way without devices as the floor; first_s: from "
    "opening the page to its first picture with all devices; alarm_s: from sending a reading over HTTP until the list "
    "shows the alarm, recoloured_s until its point does, each the worst of four; snapshot_bytes: as sent, packed"
)


def measure(devices: int = DEVICES, seconds: float = SECONDS) -> dict[str, Any]:
    """All figures."""
    with running_city(demo=True) as city:
        plan = _prepared(city, devices)
        time.sleep(5.0)  # the collector takes the first readings in
        figures = run_client("cockpit_frames.py", {**plan, "url": city.url, "seconds": seconds})
    return {"devices": plan["devices"], **figures, "how": _HOW, "load_1m": round(os.getloadavg()[0], 2)}


def _prepared(city: BenchCity, devices: int) -> dict[str, Any]:
    call = "from zhicheng.config.cli import main; raise SystemExit(main())"
    command = [sys.executable, "-c", call, "bench", "cockpit-devices", "--count", str(devices)]
    given = {**os.environ, "ZHICHENG_HOME": str(city.home), "DATABASE_URL": city.database_url}
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
