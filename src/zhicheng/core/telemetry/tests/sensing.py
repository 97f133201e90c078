"""SensorThings asked from inside, by somebody who may everything, over a collector of its own."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from zhicheng.core.parties.values import ANONYMOUS, Actor, ActorKind, Grant
from zhicheng.core.telemetry.api.answering import reply_to
from zhicheng.core.telemetry.api.batches import reply_to_batch
from zhicheng.core.telemetry.api.calls import Call, Caller, Reply, level_of
from zhicheng.core.telemetry.operations.process import Collecting
from zhicheng.core.telemetry.queries.sensing.asking import Asker
from zhicheng.kit.ids import uuid7

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
BASE = "http://city/sta/v1.1"
POINT = {"type": "Point", "coordinates": [114.05, 22.55]}
LI = Actor(
    ActorKind.OFFICIAL,
    account_id=uuid7(NOW),
    grants=(Grant("devices", "YX", frozenset({"devices.manage", "devices.view"})),),
)
PLATFORM = Actor(
    ActorKind.SERVICE, account_id=uuid7(NOW), grants=(Grant("platform", "YX", frozenset({"devices.report"})),)
)
ZHOU = Actor(ActorKind.RESIDENT, account_id=uuid7(NOW))
NOBODY = ANONYMOUS


class City:
    """Calls and readings of one test."""

    def __init__(self, actor: Actor = LI) -> None:
        self.caller = Caller(Asker(level_of(actor), BASE, NOW), actor)
        self._collecting: Collecting | None = None

    def ask(self, method: str, url: str, body: Any = None, *, patches: bool = False) -> Reply:
        """One call; `url` is an address after v1.1/, or one that an answer gave."""
        parts = urlsplit(url.removeprefix(f"{BASE}/"))
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        return reply_to(Call(method, parts.path, options, body, patches=patches), self.caller)

    def get(self, url: str) -> Any:
        """What is at an address, as it comes out of JSON."""
        return json.loads(json.dumps(self.ask("GET", url).body))

    def names(self, url: str) -> list[str]:
        """The names in a list."""
        return [each["name"] for each in self.get(url)["value"]]

    def post(self, url: str, body: Any) -> Any:
        """Make something; its id."""
        return self.ask("POST", url, body).body["@iot.id"]

    def batch(self, *requests: dict[str, Any]) -> list[dict[str, Any]]:
        """The responses of a batch."""
        return reply_to_batch({"requests": list(requests)}, self.caller).body["responses"]

    def collect(self) -> None:
        """Let the collector take what was sent."""
        if self._collecting is None:
            self._collecting = Collecting(commit_s=3600, now=NOW)
        self._collecting.step(NOW)


def sensor(name: str = "声级计") -> dict[str, Any]:
    return {
        "name": name,
        "description": "一级",
        "encodingType": "application/pdf",
        "metadata": "https://city.example/m",
    }


def observed(name: str = "噪声") -> dict[str, Any]:
    return {"name": name, "description": "A 声级", "definition": "https://city.example/noise"}


def stream(name: str = "噪声", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "description": "每分钟",
        "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        "unitOfMeasurement": {"name": "分贝", "symbol": "dB", "definition": "ucum:dB"},
        "Sensor": sensor(),
        "ObservedProperty": observed(),
        **more,
    }


def place(name: str = "莲花山", point: Any = None) -> dict[str, Any]:
    return {
        "name": name,
        "description": "公园",
        "encodingType": "application/geo+json",
        "location": point or POINT,
    }


def thing(name: str = "噪声监测点", **more: Any) -> dict[str, Any]:
    return {"name": name, "description": "路边", **more}
