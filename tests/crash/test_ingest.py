"""Kill -9 of broker, collector and door while readings come in: what was acknowledged is in the lake, once."""

import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest

from tests.crash.ingest_rig import BulkClient, Client, MqttClient, Rig, await_drained, rig_environment
from zhicheng.config import environment
from zhicheng.core.telemetry.gate.table import DayTable

pytestmark = [pytest.mark.crash, pytest.mark.slow]
ROUNDS = environment.integer("ZHICHENG_INGEST_CRASH_ROUNDS", 3)
_WORKS_S = 120.0


@dataclass(frozen=True)
class Outcome:
    """What clients were told, and what the lake holds: values by stream and milliseconds."""

    acknowledged: set[tuple[int, int]]
    by_mqtt: int
    sent: set[tuple[int, int]]
    surprises: list[str]
    held: Counter[tuple[int, int]]
    values: dict[tuple[int, int], float]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    home = tmp_path_factory.mktemp("ingest")
    rig = Rig(home, rig_environment(home))
    rig.prepare()
    clients: list[Client] = [*(MqttClient(rig, number) for number in range(8)), *(BulkClient(rig, n) for n in range(2))]
    rig.start()
    try:
        for client in clients:
            client.start()
        _crash_again_and_again(rig, clients)
        for client in clients:
            client.stop_asked.set()
        for client in clients:
            client.join(15)
        await_drained(rig)
        rig.stop()
    finally:
        rig.kill_all()
    return _outcome(home, clients)


def _crash_again_and_again(rig: Rig, clients: list[Client]) -> None:
    chance = random.Random(20260101)
    for _ in range(ROUNDS):
        _await_work(rig, clients)
        time.sleep(chance.uniform(0.2, 2.5))
        rig.kill_all()
        rig.start()
    _await_work(rig, clients)


def _await_work(rig: Rig, clients: list[Client]) -> None:
    """Until every client is acknowledged something again."""
    before = [len(client.acknowledged) for client in clients]
    deadline = time.monotonic() + _WORKS_S
    while time.monotonic() < deadline:
        if all(len(client.acknowledged) > known for client, known in zip(clients, before, strict=True)):
            return
        time.sleep(0.05)
    raise AssertionError(f"no acknowledgements within {_WORKS_S:.0f} s:\n{rig.log_tail()}")


def _outcome(home: Path, clients: list[Client]) -> Outcome:
    table = DayTable(home / "lake" / "observation")
    table.refresh()
    rows = pa.concat_tables([pa.parquet.read_table(file.path, partitioning=None) for file in table.files()])
    at_ms = [at_us // 1000 for at_us in rows.column("at").cast(pa.int64()).to_pylist()]
    pairs = list(zip(rows.column("stream").to_pylist(), at_ms, strict=True))
    return Outcome(
        {pair for client in clients for pair in client.acknowledged},
        sum(len(client.acknowledged) for client in clients if isinstance(client, MqttClient)),
        {pair for client in clients for pair in client.sent},
        [surprise for client in clients for surprise in client.surprises],
        Counter(pairs),
        dict(zip(pairs, rows.column("value").to_pylist(), strict=True)),
    )


class TestReadingsThroughCrashes:
    def test_are_in_the_lake_when_they_were_acknowledged(self, outcome: Outcome) -> None:
        print(f"{len(outcome.acknowledged)} acknowledged, {outcome.by_mqtt} of them over MQTT")
        assert outcome.by_mqtt > 500, "too little load to prove anything"
        assert len(outcome.acknowledged) - outcome.by_mqtt > 500
        assert outcome.acknowledged - outcome.held.keys() == set()

    def test_are_there_once(self, outcome: Outcome) -> None:
        assert [pair for pair, times in outcome.held.items() if times > 1] == []

    def test_are_what_was_sent_and_nothing_else(self, outcome: Outcome) -> None:
        assert outcome.held.keys() - outcome.sent == set()
        assert all(value == at_ms % 1000 for (_, at_ms), value in outcome.values.items())

    def test_never_made_the_door_refuse_a_good_request(self, outcome: Outcome) -> None:
        assert outcome.surprises == []
