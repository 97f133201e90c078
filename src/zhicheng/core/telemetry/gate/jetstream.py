"""JetStream over a plain socket: some requests to its API, and reading a stream in large pieces.

A client library handles messages one by one, which is too slow here; the protocol is small. Source: NATS client
protocol 2.2, JetStream API (STREAM.CREATE, STREAM.PURGE, CONSUMER.CREATE, CONSUMER.MSG.NEXT).
"""

import json
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import numpy as np

from zhicheng.core.telemetry.base.frames import COLUMNS, split_frames
from zhicheng.core.telemetry.base.keys import Bytes
from zhicheng.core.telemetry.errors import BrokerAway
from zhicheng.core.telemetry.values import Ints

STREAM = "$MQTT_msgs"  # where NATS keeps what comes over MQTT with QoS 1, before it says PUBACK
SUBJECTS = "$MQTT.msgs.>"
_PORT = 4222
_BUFFER_BYTES = 8 * 1024 * 1024
_PULL_ROWS = 16_000
_TIMEOUT_S = 5.0
_NOT_THERE = 10059
_LEAST_WAIT_S = 0.0005
_ORDINARY = (b"NATS/1.0 404", b"NATS/1.0 408")


@dataclass(frozen=True)
class Messages:
    """Messages in one piece of bytes; `rows` is int64 (n, 7), columns as `frames.split_frames` says."""

    data: Bytes
    rows: Ints


class Connection:
    """One connection to a NATS server.

    Raises:
        BrokerAway: every method, where the server does not answer.
    """

    def __init__(self, url: str, *, timeout_s: float = _TIMEOUT_S) -> None:
        parts = urlsplit(url)
        self._buffer = np.zeros(_BUFFER_BYTES, np.uint8)
        self._filled = 0
        self._found = np.zeros((_PULL_ROWS, COLUMNS), np.int64)
        split_frames(self._buffer, 0, self._found)  # compiled, or read from the cache, before anybody waits
        try:
            self._socket = socket.create_connection((parts.hostname or "127.0.0.1", parts.port or _PORT), timeout_s)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._greet(parts.username or "", parts.password or "")
        except OSError as error:
            raise BrokerAway() from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def send(self, data: bytes) -> None:
        """Send lines of the protocol."""
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise BrokerAway() from error

    def publish(self, subject: str, payload: bytes, reply: str = "") -> None:
        """Publish one message."""
        self.send(f"PUB {subject} {reply} {len(payload)}\r\n".encode() + payload + b"\r\n")

    def subscribe(self, subject: str, number: int) -> None:
        """Have messages of a subject sent here."""
        self.send(f"SUB {subject} {number}\r\n".encode())

    def wait(self, timeout_s: float) -> Messages | None:
        """The messages that are there, waiting for the first; None where none came in time.

        The columns are views: use them before the next call.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            count, used, pings = split_frames(self._buffer, self._filled, self._found)
            if pings:
                self.send(b"PONG\r\n" * pings)
            if count:
                data, rows = self._buffer[:used].copy(), self._found[:count].copy()
                self._drop(used)
                return Messages(data, rows)
            self._drop(used)
            if not self._receive(deadline - time.monotonic()):
                return None

    def request(self, subject: str, body: Any = None) -> Any:
        """Ask the JetStream API; its answer. Use it on a connection that reads nothing else.

        Raises:
            BrokerAway: no answer.
        """
        inbox = f"_INBOX.{os.urandom(11).hex()}"
        self.subscribe(inbox, 1)
        self.publish(f"$JS.API.{subject}", b"" if body is None else json.dumps(body).encode(), inbox)
        found = self.wait(_TIMEOUT_S)
        self.send(b"UNSUB 1\r\n")
        if found is None:
            raise BrokerAway()
        row = found.rows[0]
        return json.loads(found.data[row[2] : row[3]].tobytes() or b"{}")

    def _greet(self, user: str, password: str) -> None:
        if not self._socket.recv(65536).startswith(b"INFO"):
            raise BrokerAway()
        greeting = {
            "verbose": False,
            "pedantic": False,
            "headers": True,
            "no_responders": True,
            "lang": "python",
            "version": "1",
            "name": "zhicheng",
            "user": user,
            "pass": password,
        }
        self._socket.sendall(b"CONNECT " + json.dumps(greeting).encode() + b"\r\nPING\r\n")
        answer = b""
        while b"PONG\r\n" not in answer:
            part = self._socket.recv(65536)
            if not part or b"-ERR" in answer + part:
                raise BrokerAway()
            answer += part

    def _receive(self, timeout_s: float) -> bool:
        if self._filled == len(self._buffer):
            raise BrokerAway()  # one message larger than the buffer: nothing of ours
        self._socket.settimeout(max(timeout_s, _LEAST_WAIT_S))
        try:
            size = self._socket.recv_into(self._buffer[self._filled :].data)
        except TimeoutError:
            return False
        except OSError as error:
            raise BrokerAway() from error
        if not size:
            raise BrokerAway()
        self._filled += size
        return True

    def _drop(self, used: int) -> None:
        if used:
            self._buffer[: self._filled - used] = self._buffer[used : self._filled]
            self._filled -= used


class StreamReader:
    """Reads a JetStream stream from a sequence on. What was read stays in the stream until `forget`."""

    def __init__(self, url: str, *, after: int, stream: str = STREAM) -> None:
        self._stream, self._api = stream, Connection(url)
        self.name = f"zhicheng-{os.urandom(6).hex()}"
        self._inbox = f"_INBOX.{self.name}"
        config = {
            "name": self.name,
            "deliver_policy": "by_start_sequence",
            "opt_start_seq": after + 1,
            "ack_policy": "none",
            "inactive_threshold": 60_000_000_000,
            "mem_storage": True,
            "num_replicas": 1,
        }
        answer = self._api.request(
            f"CONSUMER.CREATE.{stream}.{self.name}", {"stream_name": stream, "config": config, "action": ""}
        )
        if "error" in answer:
            raise BrokerAway()
        self._messages = Connection(url)
        self._messages.subscribe(self._inbox, 1)
        self._left = 0  # of the messages that were asked for; nobody says when they are all there

    def read(self, timeout_s: float) -> Messages | None:
        """Stored messages in order; None where there is none yet.

        Raises:
            BrokerAway: the connection is gone, or the server has forgotten this reader.
        """
        if self._left <= 0:
            self._ask()
        found = self._messages.wait(timeout_s)
        if found is None:
            return None
        stored = found.rows[:, 4] > 0
        if not stored.all():  # a status: the request has run out
            self._left = 0
            _check_status(found, np.flatnonzero(~stored))
            found = Messages(found.data, found.rows[stored])
        self._left -= len(found.rows)
        return found if len(found.rows) else None

    def forget(self, until: int) -> None:
        """Have the broker remove everything up to a sequence."""
        self._api.request(f"STREAM.PURGE.{self._stream}", {"seq": until + 1})

    def close(self) -> None:
        """Hang up; the server forgets the reader by itself."""
        self._api.close()
        self._messages.close()

    def _ask(self) -> None:
        body = json.dumps({"batch": _PULL_ROWS, "expires": 2_000_000_000}).encode()
        self._messages.publish(f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{self.name}", body, self._inbox)
        self._left = _PULL_ROWS


def _check_status(messages: Messages, rows: Ints) -> None:
    """Nothing there yet, or the time is over: both are ordinary. Anything else ends this reader.

    Raises:
        BrokerAway: it has ended.
    """
    for row in messages.rows[rows]:
        status = messages.data[row[6] : row[2]].tobytes()[:12]
        if status not in _ORDINARY:
            raise BrokerAway()


def ensure_stream(url: str, *, most_bytes: int = -1) -> str:
    """Make the stream that takes what comes over MQTT, or find it; a name that changes when it was made anew.

    NATS would make one that forgets what nobody listens to; ours keeps everything until it is in the lake, and refuses
    what it has no room for.
    """
    config = {
        "name": STREAM,
        "subjects": [SUBJECTS],
        "retention": "limits",
        "storage": "file",
        "discard": "new",
        "max_bytes": most_bytes,
        "max_msgs": -1,
        "max_consumers": -1,
        "num_replicas": 1,
    }
    with Connection(url) as connection:
        found = connection.request(f"STREAM.INFO.{STREAM}")
        if found.get("error", {}).get("err_code") == _NOT_THERE:
            found = connection.request(f"STREAM.CREATE.{STREAM}", config)
        if "error" in found:
            raise BrokerAway()
    return f"nats:{found['created']}"


def subjects_of(messages: Messages) -> Iterator[str]:
    """The subjects, as text: for the few that need it."""
    for start, end in messages.rows[:, :2]:
        yield messages.data[start:end].tobytes().decode(errors="replace")
