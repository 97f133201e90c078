"""The outside client of `zhicheng bench assistant`: holds conversations at the one public address, times the answers.

It knows the city by its address only. Plain asyncio over keep-alive connections, one conversation on each at a time: a
heavier client would measure itself. The messages come from a file, a list of conversations.

    python bench/assistant.py --url http://127.0.0.1:8000 --messages FILE --clients 16
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PATH = "/api/v1/assistant/conversations"


@dataclass
class Heard:
    """What the city said: milliseconds of answers that quote a source, how every message ended, what is wrong."""

    quoted_ms: list[float] = field(default_factory=list)
    others_ms: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    documents: set[str] = field(default_factory=set)


class Client:
    """One keep-alive connection."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)

    async def post(self, path: str, body: object, token: str = "") -> tuple[int, Any]:
        """Status and value of an answer, read to its end."""
        content = json.dumps(body, ensure_ascii=False).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nContent-Type: application/json\r\n"
            f"X-Conversation-Token: {token}\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        self._writer.write(head.encode() + content)
        status, answer = await self._read()
        return status, json.loads(answer or b"null")

    async def _read(self) -> tuple[int, bytes]:
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head.split(b" ", 2)[1])
        if b"transfer-encoding: chunked" not in head:
            length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
            return status, await self._reader.readexactly(int(length or 0))
        parts = []
        while (size := int((await self._reader.readline()).split(b";")[0], 16)) > 0:
            parts.append(await self._reader.readexactly(size))
            await self._reader.readline()
        await self._reader.readline()
        return status, b"".join(parts)

    def close(self) -> None:
        """Disconnect."""
        self._writer.close()


async def converse(client: Client, messages: Sequence[str], heard: Heard) -> None:
    """A new conversation, one message after the other."""
    status, begun = await client.post(PATH, {})
    if status != 201:
        heard.outcomes[f"status {status}"] += len(messages)
        return
    for message in messages:
        started_s = time.perf_counter()
        status, turn = await client.post(f"{PATH}/{begun['id']}/turns", {"text": message}, begun["token"])
        taken_ms = (time.perf_counter() - started_s) * 1000
        answer = turn["answer"] if status == 200 else {"outcome": f"status {status}", "quotes": []}
        heard.outcomes[answer["outcome"]] += 1
        (heard.quoted_ms if answer["quotes"] else heard.others_ms).append(taken_ms)
        heard.documents.update(quote["document"] for quote in answer["quotes"])


async def load(url: str, conversations: Sequence[Sequence[str]], clients: int) -> tuple[Heard, float]:
    """Hold all conversations, `clients` at a time; what was heard, and the seconds it took."""
    parts = urlsplit(url)
    connections = [Client(parts.hostname or "127.0.0.1", parts.port or 80) for _ in range(clients)]
    await asyncio.gather(*(connection.open() for connection in connections))
    waiting: Iterator[Sequence[str]] = iter(conversations)
    heard = Heard()

    async def work(connection: Client) -> None:
        for messages in waiting:
            await converse(connection, messages, heard)

    started_s = time.perf_counter()
    await asyncio.gather(*(work(connection) for connection in connections))
    seconds = time.perf_counter() - started_s
    for connection in connections:
        connection.close()
    return heard, seconds


def figures(heard: Heard, seconds: float) -> dict[str, object]:
    """Only answers that quote a source count as answers; the times are those of all messages."""
    times = sorted([*heard.quoted_ms, *heard.others_ms])
    cuts = statistics.quantiles(times, n=100) if len(times) > 1 else [0.0] * 99
    return {
        "answers_per_s": round(len(heard.quoted_ms) / seconds, 1),
        "messages_per_s": round(len(times) / seconds, 1),
        "p50_ms": round(cuts[49], 1),
        "p99_ms": round(cuts[98], 1),
        "max_ms": round(times[-1], 1) if times else 0.0,
        "messages": len(times),
        "quoted_share": round(len(heard.quoted_ms) / max(1, len(times)), 3),
        "documents_quoted": len(heard.documents),
        "outcomes": dict(heard.outcomes.most_common()),
        "seconds": round(seconds, 2),
        "client_cpu_s": round(time.process_time(), 2),
    }


def main() -> int:
    """Print the figures of one run as JSON; 1 when a message was not taken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--messages", type=Path, required=True)
    parser.add_argument("--clients", type=int, default=16)
    options = parser.parse_args()
    conversations = json.loads(options.messages.read_text(encoding="utf-8"))
    found = figures(*asyncio.run(load(options.url, conversations, options.clients)))
    print(json.dumps(found, ensure_ascii=False))
    return 1 if any(outcome.startswith("status") for outcome in found["outcomes"]) else 0  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main())
