"""The outside client of `zhicheng bench ingest` over MQTT 3.1.1 with QoS 1: plain sockets, many frames in one piece.

A client library is the brake: paho alone takes more of the machine than any broker. What to do comes as JSON on
standard input: host, port, seconds, window (readings a connection may have unanswered), first_ms, and connections,
each with user, password and topic. A reading counts when its PUBACK is there; those under way at the end are awaited.

    python bench/mqtt_load.py < plan.json
"""

import json
import select
import socket
import statistics
import struct
import sys
import time
from dataclasses import dataclass
from typing import Any

_PUBACK = 4  # bytes
_GIVE_UP_S = 30.0
_PAYLOAD = b'{"v":%d.5,"t":%d}'


@dataclass
class Connection:
    """One device."""

    socket: socket.socket
    topic: bytes
    at_ms: int
    left: int = 0  # bytes of answers under way
    sent_s: float = 0.0


def word(text: str) -> bytes:
    """A text with its length."""
    raw = text.encode()
    return struct.pack(">H", len(raw)) + raw


def length(size: int) -> bytes:
    """The remaining length of a packet."""
    out = bytearray()
    while True:
        size, low = divmod(size, 128) if size >= 128 else (0, size)
        out.append(low | 0x80 if size else low)
        if not size:
            return bytes(out)


def connect(host: str, port: int, device: dict[str, str]) -> socket.socket:
    """A connection that was let in."""
    connection = socket.create_connection((host, port), 30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    flags = 0xC2 if device.get("password") else 0x02
    body = word("MQTT") + bytes([4, flags, 0, 120]) + word(device["user"])
    if device.get("password"):
        body += word(device["user"]) + word(device["password"])
    connection.sendall(b"\x10" + length(len(body)) + body)
    answer = connection.recv(4)
    if answer != b"\x20\x02\x00\x00":
        raise SystemExit(f"{device['user']} was not let in: {answer.hex()}")
    return connection


def frames(one: Connection, count: int) -> bytes:
    """So many readings, each a millisecond after the last."""
    topic = struct.pack(">H", len(one.topic)) + one.topic
    parts = []
    for number in range(1, count + 1):
        one.at_ms += 1
        payload = _PAYLOAD % (one.at_ms % 60, one.at_ms)
        parts.append(b"\x32" + length(len(topic) + 2 + len(payload)) + topic + struct.pack(">H", number) + payload)
    return b"".join(parts)


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Send for some seconds."""
    begun_s = time.perf_counter()
    devices = plan["connections"]
    opened = [connect(plan["host"], plan["port"], device) for device in devices]
    connected_s = time.perf_counter() - begun_s
    found = [
        Connection(one, device["topic"].encode(), plan["first_ms"]) for one, device in zip(opened, devices, strict=True)
    ]
    poll, by_number = select.epoll(), {one.socket.fileno(): one for one in found}
    started_s = time.perf_counter()
    for number, one in by_number.items():
        _send(one, plan["window"])
        poll.register(number, select.EPOLLIN)
    acked, waited_ms = _exchange(plan, poll, by_number, started_s)
    in_time = acked
    seconds = time.perf_counter() - started_s
    acked += _await_rest(poll, by_number)
    for one in found:
        one.socket.sendall(b"\xe0\x00")
        one.socket.close()
    waited_ms = sorted(waited_ms) or [0.0]
    return {
        "per_s": round(in_time / seconds, 1),
        "acknowledged": acked,
        "seconds": round(seconds, 2),
        "connect_seconds": round(connected_s, 2),
        "p50_ms": round(statistics.median(waited_ms), 2),
        "p99_ms": round(waited_ms[int(len(waited_ms) * 0.99)], 2),
        "connections": len(found),
        "outstanding": plan["window"] * len(found),
    }


def _send(one: Connection, window: int) -> None:
    one.socket.sendall(frames(one, window))
    one.left = window * _PUBACK
    one.sent_s = time.perf_counter()


def _exchange(
    plan: dict[str, Any], poll: select.epoll, by_number: dict[int, Connection], started_s: float
) -> tuple[int, list[float]]:
    acked, waited_ms = 0, []
    end_s = started_s + plan["seconds"]
    while time.perf_counter() < end_s:
        for number, _ in poll.poll(0.2):
            one = by_number[number]
            acked += _receive(one)
            if one.left == 0:
                waited_ms.append((time.perf_counter() - one.sent_s) * 1000)
                _send(one, plan["window"])
    return acked, waited_ms


def _await_rest(poll: select.epoll, by_number: dict[int, Connection]) -> int:
    acked, deadline_s = 0, time.perf_counter() + _GIVE_UP_S
    while any(one.left for one in by_number.values()) and time.perf_counter() < deadline_s:
        for number, _ in poll.poll(0.2):
            acked += _receive(by_number[number])
    return acked


def _receive(one: Connection) -> int:
    data = one.socket.recv(65536)
    if not data:
        raise SystemExit("the broker has hung up")
    one.left -= len(data)
    return len(data) // _PUBACK


if __name__ == "__main__":
    print(json.dumps(run(json.load(sys.stdin))))
