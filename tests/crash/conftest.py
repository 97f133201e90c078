"""The city of the crash test, and what it went through; done once, looked at by every test."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crash.killing import Round, plan, strike
from tests.crash.load import Acknowledged, Client
from tests.running import City
from zhicheng.config import environment

ROUNDS = environment.integer("ZHICHENG_CRASH_ROUNDS", 20)
SEED = environment.integer("ZHICHENG_CRASH_SEED", 20260101)
_CLIENTS = 4
_GIVE_UP_S = 60.0


@dataclass(frozen=True)
class Survivor:
    """The city after all rounds, what its clients were told, how long each recovery took."""

    city: City
    acknowledged: list[Acknowledged]
    logged: list[tuple[str, str]]
    surprises: list[str]
    rounds: list[Round]
    recoveries_s: list[float]


@pytest.fixture(scope="package")
def survivor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Survivor]:
    folder = tmp_path_factory.mktemp("crash")
    wide = {"ZHICHENG_RATE_API": "100000", "ZHICHENG_RATE_API_SUBMIT": "100000"}
    own = {**wide, "ZHICHENG_PACK": str(_hasty_pack(folder))}
    with City(demo=False, environment=own) as city:
        clients = [Client(city, folder / f"client-{number}.log", number) for number in range(_CLIENTS)]
        for client in clients:
            client.start()
        rounds = plan(ROUNDS, SEED)
        recoveries = [_crash_and_recover(city, clients, crash) for crash in rounds]
        for client in clients:
            client.ask_to_stop()
        for client in clients:
            client.join(_GIVE_UP_S)
        _wait_until_drained(city)
        lines = [line for path in folder.glob("*.log") for line in path.read_text().splitlines()]
        yield Survivor(
            city,
            [told for client in clients for told in client.acknowledged],
            [(line.split()[0], line.split()[1]) for line in lines],
            [surprise for client in clients for surprise in client.surprises],
            rounds,
            recoveries,
        )


def _crash_and_recover(city: City, clients: list[Client], crash: Round) -> float:
    """Seconds from the blow to the first acknowledgement of a request that was answered after it."""
    time.sleep(crash.after_s)
    struck_s = time.monotonic()
    needs_start = strike(city, crash)
    dead_s = time.monotonic()
    if needs_start:
        city.start()
    while time.monotonic() - struck_s < _GIVE_UP_S:
        newest = [client.acknowledged[-1].at_s for client in clients if client.acknowledged]
        if newest and max(newest) > dead_s + 0.02:  # not one that was already on its way
            return max(newest) - struck_s
        if needs_start and city.process is not None and city.process.poll() is not None:
            pytest.fail(f"`zhicheng up` ended after the loss of {crash.victim}:\n{city.log_tail()}")
        time.sleep(0.02)
    pytest.fail(f"no acknowledgement within {_GIVE_UP_S:.0f} s after the loss of {crash.victim}:\n{city.log_tail()}")


def _wait_until_drained(city: City) -> None:
    deadline = time.monotonic() + _GIVE_UP_S
    while time.monotonic() < deadline:
        waiting = city.rows(
            "SELECT (SELECT count(*) FROM ledger_outbox), (SELECT count(*) FROM ledger_entry WHERE seq IS NULL), "
            "(SELECT count(*) FROM cases_clock WHERE next_fire_at < now() - interval '2 seconds'), "
            "(SELECT count(*) FROM lake_change)"
        )[0]
        if not any(waiting):
            return
        time.sleep(0.3)
    pytest.fail(f"outbox, unsealed entries, unfired clocks are still {waiting}:\n{city.log_tail()}")


def _hasty_pack(folder: Path) -> Path:
    """The installed pack, but a unit has half a minute to respond: clocks fire while processes die.

    Without indicators: with so many late appeals they would open cases that no client asked for.
    """
    pack = folder / "pack"
    shutil.copytree(environment.pack_root(), pack, ignore=shutil.ignore_patterns("indicators"))
    process = pack / "processes" / "appeal.yaml"
    text = process.read_text(encoding="utf-8")
    hasty = text.replace("limit: {minutes: 10, calendar: always", "limit: {minutes: 0.5, calendar: always")
    assert hasty != text, "the pack's 10-minute clock has another form: adapt this test"
    process.write_text(hasty, encoding="utf-8")
    return pack
