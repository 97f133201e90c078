"""The outside client of `zhicheng bench appeals`: posts real appeals to the one public address and times the answers.

It knows the city by its address only. Plain asyncio over keep-alive connections: a heavier client would measure
itself. Texts and places come from the pack's files; every appeal has its own Idempotency-Key.

    python bench/appeals.py --url http://127.0.0.1:8000 --pack packs/shenzhen --count 2000
"""

import argparse
import asyncio
import csv
import json
import random
import statistics
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PATH = "/api/v1/appeals"


@dataclass(frozen=True)
class Answer:
    """One request: its status and how long the answer took."""

    status: int
    seconds: float


def bodies(pack: Path, seed: int) -> Iterator[dict[str, object]]:
    """Appeals without end: three in five with a point, the others with address words; some anonymous."""
    chance = random.Random(seed)
    texts = [row["text"] for row in _rows(pack / "examples" / "appeals.csv")]
    places = _rows(pack / "landmarks.csv")
    while True:
        place = chance.choice(places)
        body: dict[str, object] = {"text": f"{chance.choice(texts)}（第 {chance.randrange(10**6)} 次反映）"}
        if chance.random() < 0.6:
            body["longitude"] = round(float(place["longitude"]) + chance.uniform(-0.0003, 0.0003), 6)
            body["latitude"] = round(float(place["latitude"]) + chance.uniform(-0.0003, 0.0003), 6)
        else:
            body["address"] = f"{place['name']}附近"
        if chance.random() < 0.5:
            body |= {"name": "市民", "phone": f"139{chance.randrange(10**8):08d}"}
        yield body


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class Client:
    """One keep-alive connection."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)

    async def post(self, body: bytes) -> Answer:
        """Send one appeal and read the whole answer."""
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nContent-Type: application/json\r\n"
            f"Idempotency-Key: {uuid.uuid4()}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        started_s = time.perf_counter()
        self._writer.write(head.encode() + body)
        status = await self._read()
        return Answer(status, time.perf_counter() - started_s)

    async def _read(self) -> int:
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        if b"transfer-encoding: chunked" in head:
            while (size := int((await self._reader.readline()).split(b";")[0], 16)) > 0:
                await self._reader.readexactly(size + 2)
            await self._reader.readline()
        else:
            length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
            await self._reader.readexactly(int(length or 0))
        return int(head.split(b" ", 2)[1])

    def close(self) -> None:
        """Disconnect."""
        self._writer.close()


async def _load(url: str, prepared: list[bytes], clients: int) -> tuple[list[Answer], float]:
    parts = urlsplit(url)
    connections = [Client(parts.hostname or "127.0.0.1", parts.port or 80) for _ in range(clients)]
    await asyncio.gather(*(connection.open() for connection in connections))
    waiting = iter(prepared)
    answers: list[Answer] = []

    async def work(connection: Client) -> None:
        for body in waiting:
            answers.append(await connection.post(body))

    started_s = time.perf_counter()
    await asyncio.gather(*(work(connection) for connection in connections))
    seconds = time.perf_counter() - started_s
    for connection in connections:
        connection.close()
    return answers, seconds


def run(url: str, pack: Path, *, count: int, clients: int, seed: int) -> dict[str, object]:
    """One run of so many appeals; bodies are made before the watch starts."""
    made = bodies(pack, seed)
    prepared = [json.dumps(next(made), ensure_ascii=False).encode() for _ in range(count)]
    answers, seconds = asyncio.run(_load(url, prepared, clients))
    good = [answer.seconds * 1000 for answer in answers if answer.status == 201]
    others: dict[str, int] = {}
    for answer in answers:
        if answer.status != 201:
            others[str(answer.status)] = others.get(str(answer.status), 0) + 1
    cuts = statistics.quantiles(good, n=100) if len(good) > 1 else [0.0] * 99
    return {
        "per_s": round(len(good) / seconds, 1),
        "p50_ms": round(cuts[49], 1),
        "p99_ms": round(cuts[98], 1),
        "created": len(good),
        "other_statuses": others,
        "seconds": round(seconds, 2),
        "client_cpu_s": round(time.process_time(), 2),
    }


def main() -> int:
    """Print the figures of one run as JSON; 1 when an appeal was not taken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    figures = run(options.url, options.pack, count=options.count, clients=options.clients, seed=options.seed)
    print(json.dumps(figures))
    return 1 if figures["other_statuses"] else 0


if __name__ == "__main__":
    sys.exit(main())
