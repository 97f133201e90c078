"""Clients under fire: each keeps a log, flushed to disk, of every acknowledgement that the city gave it."""

import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx

from tests.running import City

_PAUSE_S = 0.1
_TEXTS = (
    "莲花街道景田北路的路灯坏了三天,晚上很黑,老人走路容易摔倒",
    "民治街道工地夜里两点还在打桩,孩子没法睡觉,请管一管",
    "小区自来水发黄,烧开有一股怪味,请尽快派人检查",
    "煤气味很重,整栋楼都闻得到,怕出危险",
)


@dataclass(frozen=True)
class Acknowledged:
    """What a client was told, and when."""

    key: str
    number: str
    at_s: float


class Client(threading.Thread):
    """Posts one appeal after the other; a key is tried again until the city has acknowledged it."""

    def __init__(self, city: City, log: Path, seed: int) -> None:
        super().__init__(daemon=True)
        self._city, self._log, self._seed = city, log, seed
        self._stop_asked = threading.Event()
        self.acknowledged: list[Acknowledged] = []
        self.surprises: list[str] = []
        self.retries = 0

    def run(self) -> None:
        """Until asked to stop; the appeal in hand is finished first."""
        with self._log.open("a", encoding="utf-8") as log, self._city.visitor() as visitor:
            while not self._stop_asked.is_set():
                key = uuid4().hex
                number = self._until_acknowledged(visitor, key)
                log.write(f"{key} {number}\n")
                log.flush()
                os.fsync(log.fileno())
                self.acknowledged.append(Acknowledged(key, number, time.monotonic()))
                self._stop_asked.wait(_PAUSE_S)

    def ask_to_stop(self) -> None:
        """No new appeals."""
        self._stop_asked.set()

    def _until_acknowledged(self, visitor: httpx.Client, key: str) -> str:
        text = f"{_TEXTS[(self._seed + len(self.acknowledged)) % len(_TEXTS)]}({key[:8]})"
        while True:
            try:
                answer = visitor.post(
                    "/api/v1/appeals", json={"text": text}, headers={"Idempotency-Key": key}, timeout=10.0
                )
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code in {200, 201}:
                number: str = answer.json()["number"]
                return number
            if answer is not None and answer.status_code < 500:
                self.surprises.append(f"{answer.status_code} {answer.text[:200]}")
            self.retries += 1
            time.sleep(0.1)
