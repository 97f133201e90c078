"""Millions of devices for the city whose environment this is, and what an outside client needs to send for some."""

import time
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhicheng.core.parties.public import create_service, get_unit_tree, issue_api_key
from zhicheng.core.parties.values import NewGrant, system_actor
from zhicheng.core.telemetry.public import device_secret, find_streams_of, register_devices, register_streams
from zhicheng.core.telemetry.values import DeviceRow, StreamTable
from zhicheng.kit.clock import now

INTERVAL_S = 60.0
FAST_S = 0.01
FIRST_STREAM = 1001  # those before belong to devices that the database knows
DETECTORS = 6  # the first one warms up
_DIGITS = 7
_ACTOR = system_actor("bench")


def prepare_devices(count: int, senders: int) -> dict[str, Any]:
    """Register devices with one stream each; the first few, which send all the time, with a short interval."""
    detectors = smoke_detectors()
    begun_s = time.perf_counter()
    number = np.arange(1, count + 1, dtype=np.int64)
    stream = number + FIRST_STREAM - 1
    digits = pc.utf8_lpad(pa.array(number).cast(pa.string()), _DIGITS, "0")
    keys = pc.binary_join_element_wise("SZ", digits, "/v", "")
    keys = pc.replace_substring(keys, "SZ/", "SZ")
    interval_s = np.full(count, INTERVAL_S, np.float32)
    interval_s[:senders] = FAST_S
    register_streams(StreamTable(stream, keys.to_pylist(), interval_s))
    names = [f"SZ{number:0{_DIGITS}d}" for number in range(1, senders + 1)]
    found = find_streams_of([f"{name}/v" for name in (*names, f"SZ{count:0{_DIGITS}d}")])
    if int(found[-1]) != stream[-1] or not (found > 0).all():
        raise SystemExit("the devices were not registered")
    return {
        "devices": count,
        "register_seconds": round(time.perf_counter() - begun_s, 1),
        "first_stream": FIRST_STREAM,
        "detectors": detectors,
        "key": application_key(),
        "senders": [{"user": name, "password": device_secret(name), "topic": f"zc/v1/{name}/v"} for name in names],
    }


def smoke_detectors() -> list[dict[str, str]]:
    """Smoke detectors of the pack, registered as officials register them: their alarms become cases."""
    names = [f"SMOKE{number}" for number in range(DETECTORS)]
    rows = [
        DeviceRow(line, name, f"烟感 {line}", "smoke_detector", 114.05 + line / 100, 22.55)
        for line, name in enumerate(names, 1)
    ]
    done = register_devices(rows, actor=_ACTOR, now=now())
    if done.rejected:
        raise SystemExit(done.rejected[0].reason)
    return [{"user": name, "password": device_secret(name), "topic": f"zc/v1/{name}/smoke"} for name in names]


def application_key() -> str:
    """An API key that may send readings."""
    at = now()
    unit = next(iter(get_unit_tree().all()))
    service = create_service(
        "bench.platform", "设备平台（测试）", (NewGrant("device_platform", unit),), actor=_ACTOR, now=at
    )
    return issue_api_key(service, "测试", actor=_ACTOR, now=at)
