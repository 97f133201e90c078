"""The outside client of `zhicheng bench twin`: GET requests over keep-alive connections, each path once, in order.

What to do comes as JSON on standard input: host, port, paths, connections, headers. What was found goes to standard
output: requests a second, latencies, how many answers of each status, how many features they said they hold.

    python bench/twin_load.py < plan.json
"""

import json
import socket
import statistics
import sys
import threading
import time
from collections import Counter
from typing import Any

_RETURNED = b'"numberReturned"'


class Connection:
    """One keep-alive connection that knows as much of HTTP/1.1 as it needs."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._open()

    def _open(self) -> None:
        self._socket = socket.create_connection(self._address, 60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._held = b""

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body of an answer."""
        self._socket.sendall(request)
        head = self._until(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        status = int(lines[0].split()[1])
        headers = dict(line.split(b": ", 1) for line in lines[1:] if b": " in line)
        if headers.get(b"transfer-encoding") == b"chunked":
            body = self._chunks()
        else:
            body = self._exactly(int(headers.get(b"content-length", b"0")))
        if headers.get(b"connection") == b"close":
            self._socket.close()
            self._open()
        return status, body

    def _until(self, mark: bytes) -> bytes:
        while (at := self._held.find(mark)) < 0:
            self._more()
        found, self._held = self._held[:at], self._held[at + len(mark) :]
        return found

    def _exactly(self, size: int) -> bytes:
        parts, have = [self._held], len(self._held)
        while have < size:
            part = self._socket.recv(1 << 18)
            if not part:
                raise ConnectionError("the server went away")
            parts.append(part)
            have += len(part)
        whole = b"".join(parts)
        self._held = whole[size:]
        return whole[:size]

    def _chunks(self) -> bytes:
        parts = []
        while size := int(self._until(b"\r\n"), 16):
            parts.append(self._exactly(size))
            self._exactly(2)
        self._until(b"\r\n")
        return b"".join(parts)

    def _more(self) -> None:
        part = self._socket.recv(1 << 18)
        if not part:
            raise ConnectionError("the server went away")
        self._held += part


class Client(threading.Thread):
    """Takes the next path as long as there is one."""

    def __init__(self, plan: dict[str, Any], paths: list[str]) -> None:
        super().__init__()
        self._paths = paths
        self._connection = Connection(plan["host"], plan["port"])
        lines = "".join(f"{name}: {value}\r\n" for name, value in plan.get("headers", {}).items())
        self._tail = f" HTTP/1.1\r\nHost: {plan['host']}:{plan['port']}\r\n{lines}\r\n"
        self.times_ms: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.returned = 0
        self.received = 0

    def run(self) -> None:
        """Until there is none."""
        while True:
            try:
                path = self._paths.pop()
            except IndexError:
                return
            request = f"GET {path}{self._tail}".encode()
            begun = time.perf_counter()
            status, body = self._connection.ask(request)
            self.times_ms.append((time.perf_counter() - begun) * 1000)
            self.statuses[status] += 1
            self.received += len(body)
            self.returned += _returned(body)


def _returned(body: bytes) -> int:
    """What the answer says it holds; where that stands last, it is looked for from behind."""
    at = body.rfind(_RETURNED)
    if at < 0:
        return 0
    digits = body[at + len(_RETURNED) : at + len(_RETURNED) + 24].lstrip(b": ")
    return int(digits[: next((n for n, c in enumerate(digits) if c not in b"0123456789"), len(digits))] or 0)


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """All paths."""
    paths = list(reversed(plan["paths"]))
    clients = [Client(plan, paths) for _ in range(plan["connections"])]
    begun = time.perf_counter()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    seconds = time.perf_counter() - begun
    times = sorted(one for client in clients for one in client.times_ms)
    return {
        "per_s": round(len(times) / seconds, 1),
        "p50_ms": round(statistics.median(times), 2),
        "p99_ms": round(times[min(len(times) - 1, int(len(times) * 0.99))], 2),
        "most_ms": round(times[-1], 2),
        "requests": len(times),
        "statuses": {str(status): n for status, n in sum((client.statuses for client in clients), Counter()).items()},
        "returned": sum(client.returned for client in clients),
        "received_mb": round(sum(client.received for client in clients) / 1e6, 2),
    }


if __name__ == "__main__":
    print(json.dumps(run(json.load(sys.stdin))))
