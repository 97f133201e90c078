"""The outside client of `zhicheng bench ingest` over HTTP: bodies of many readings over keep-alive connections.

What to do comes as JSON on standard input: host, port, key, seconds, clients, rows, bodies, streams (how many),
first_stream, at_ms. Bodies are made before the watch starts, and each is sent once: a reading counts when its answer is
there.

    python bench/bulk_load.py < plan.json
"""

import http.client
import json
import statistics
import sys
import threading
import time
from typing import Any

_MOST_BODIES = 400


class Client(threading.Thread):
    """One connection."""

    def __init__(self, plan: dict[str, Any], bodies: list[bytes], end_s: float) -> None:
        super().__init__()
        self._plan, self._bodies, self._end_s = plan, bodies, end_s
        self.accepted = 0
        self.waited_ms: list[float] = []
        self.wrong = ""

    def run(self) -> None:
        """Until the time is over, or there is nothing left to send."""
        try:
            self._send()
        except (OSError, http.client.HTTPException) as error:
            self.wrong = repr(error)

    def _send(self) -> None:
        connection = http.client.HTTPConnection(self._plan["host"], self._plan["port"], timeout=60)
        headers = {"Authorization": f"Bearer {self._plan['key']}", "Content-Type": "application/json"}
        while self._bodies and time.perf_counter() < self._end_s and not self.wrong:
            body = self._bodies.pop()
            begun_s = time.perf_counter()
            connection.request("POST", "/ingest/observations", body=body, headers=headers)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 200:
                self.wrong = said.decode(errors="replace")[:300]
                break
            self.accepted += json.loads(said)["accepted"]
            self.waited_ms.append((time.perf_counter() - begun_s) * 1000)
        connection.close()


def make_bodies(plan: dict[str, Any]) -> list[bytes]:
    """Bodies in columns; every reading is of another stream until all had one."""
    bodies, rows = [], plan["rows"]
    for number in range(min(_MOST_BODIES, plan["bodies"])):
        first = number * rows % plan["streams"]
        streams = [(first + row) % plan["streams"] + plan["first_stream"] for row in range(rows)]
        at_ms = plan["at_ms"] + number
        values = [20 + (row + number) % 100 / 10 for row in range(rows)]
        bodies.append(json.dumps({"stream": streams, "at": [at_ms] * rows, "value": values}).encode())
    return bodies


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Send for some seconds."""
    bodies = make_bodies(plan)
    started_s = time.perf_counter()
    clients = [Client(plan, bodies, started_s + plan["seconds"]) for _ in range(plan["clients"])]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    seconds = time.perf_counter() - started_s
    if wrong := next((client.wrong for client in clients if client.wrong), ""):
        raise SystemExit(wrong)
    waited_ms = sorted(ms for client in clients for ms in client.waited_ms)
    accepted = sum(client.accepted for client in clients)
    return {
        "per_s": round(accepted / seconds, 1),
        "accepted": accepted,
        "seconds": round(seconds, 2),
        "p50_ms": round(statistics.median(waited_ms), 1),
        "p99_ms": round(waited_ms[int(len(waited_ms) * 0.99)], 1),
        "rows": plan["rows"],
        "clients": plan["clients"],
        "left_over_bodies": len(bodies),
    }


if __name__ == "__main__":
    print(json.dumps(run(json.load(sys.stdin))))
