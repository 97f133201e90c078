"""A worker that dies in the middle of its batch: what it had not finished is done by the next one, once."""

import json
import time

import pytest

from tests.badinput.cases import GOOD
from tests.running import City, Visitor, kill

pytestmark = [pytest.mark.running]
_APPEALS, _KILLS = 120, 6


def test_killed_worker_leaves_nothing_undone_and_nothing_twice(city: City, visitor: Visitor) -> None:
    numbers = []
    for turn in range(_APPEALS):
        numbers.append(visitor.post("/api/v1/appeals", json={"text": f"{GOOD}，第 {turn} 次"}).json()["number"])
        if turn % (_APPEALS // _KILLS) == _APPEALS // _KILLS - 1:
            kill(_worker(city))
    _wait_until_drained(city)
    told = city.rows(
        "SELECT c.number, count(n.id) FROM cases_case c LEFT JOIN notices_notice n "
        "ON n.link = '/workbench/cases/' || c.number || '/' WHERE c.number = ANY(%s) GROUP BY c.number",
        numbers,
    )
    assert sorted(number for number, _ in told) == sorted(numbers)
    assert {count for _, count in told} == {1}
    report = json.loads(city.run("ledger", "verify", "--json").stdout)
    assert report["intact"], report["findings"]


def _worker(city: City) -> int:
    pids: dict[str, int] = json.loads((city.home / "run" / "pids.json").read_text())
    return pids["worker"]


def _wait_until_drained(city: City) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        waiting = city.rows(
            "SELECT (SELECT count(*) FROM ledger_outbox WHERE attempts < 5), "
            "(SELECT count(*) FROM ledger_entry WHERE seq IS NULL)"
        )[0]
        if not any(waiting):
            return
        time.sleep(0.2)
    pytest.fail(f"still waiting (outbox, unsealed): {waiting}\n{city.log_tail()}")
