"""Requests per second and latency of web alone (its Unix socket) and through the door, for docs/adr/0002.

Start a city without limits, then measure it (the key is printed by `zhicheng up --demo`):

    export ZHICHENG_RATE_API=0 ZHICHENG_RATE_API_SUBMIT=0 ZHICHENG_RATE_PAGE=0
    ZHICHENG_HOME=/tmp/measured zhicheng up --demo --port 8100
    python tools/measure_door.py http://127.0.0.1:8100 /tmp/measured/run/web-1.sock KEY
"""

import asyncio
import os
import statistics
import sys
import time
import uuid
from collections.abc import Awaitable, Callable

import aiohttp

CLIENTS, SECONDS, RUNS = 8, 5.0, 3
TEXTS = (
    "路灯坏了三天，晚上很黑",
    "工地半夜两点还在打桩，全家都睡不着",
    "小区停水一天没有通知",
    "人行道地砖松动，老人摔倒",
)
Call = Callable[[], Awaitable[int]]


async def load(call: Call, seconds: float) -> tuple[float, float, float]:
    """Requests per second, median and 99th percentile in milliseconds; stops when a request fails."""
    times: list[float] = []
    end = time.perf_counter() + seconds

    async def client() -> None:
        while time.perf_counter() < end:
            started = time.perf_counter()
            status = await call()
            times.append(time.perf_counter() - started)
            if status >= 400:
                raise SystemExit(f"answered {status}")

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    times.sort()
    return len(times) / seconds, times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000


async def measure(base: str, connector: aiohttp.BaseConnector, key: str) -> dict[str, tuple[float, float, float]]:
    """A trivial page and the creation of appeals, after a warm-up."""
    async with aiohttp.ClientSession(connector=connector) as session:

        async def page() -> int:
            async with session.get(f"{base}/healthz") as answer:
                await answer.read()
                return answer.status

        async def create() -> int:
            place = int.from_bytes(os.urandom(1))
            body = {"text": TEXTS[place % 4], "longitude": 114.05 + place * 2e-4, "latitude": 22.55}
            headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": uuid.uuid4().hex}
            async with session.post(f"{base}/api/v1/appeals", json=body, headers=headers) as answer:
                await answer.read()
                return answer.status

        await load(page, 1)
        await load(create, 1)
        return {"page": await load(page, SECONDS), "create": await load(create, SECONDS)}


async def main(url: str, socket: str, key: str) -> None:
    """Print the medians of three runs, the two ways taken in turn."""
    found: dict[str, list[tuple[float, float, float]]] = {}
    for _ in range(RUNS):
        ways = {
            "direct": ("http://127.0.0.1", aiohttp.UnixConnector(path=socket)),
            "door": (url, aiohttp.TCPConnector()),
        }
        for way, (base, connector) in ways.items():
            for name, figures in (await measure(base, connector, key)).items():
                found.setdefault(f"{name} {way}", []).append(figures)
    for name, runs in sorted(found.items()):
        rate, half, late = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"{name:<14} {rate:7.0f}/s   p50 {half:6.1f} ms   p99 {late:6.1f} ms")
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
