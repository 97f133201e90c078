"""Who is killed in a round, and doing it."""

import random
import time
from dataclasses import dataclass
from pathlib import Path

from tests.running import City, descendants, kill

EVERYTHING = "everything"
PARTS = ("supervisor", "web", "web worker", "door", "door worker", "worker", "postmaster", "backend")
_MARKS = {"web": "--interface wsgi", "door": "--interface asgi", "worker": "processes.worker"}
_BACK_S = 10.0


@dataclass(frozen=True)
class Round:
    """One crash: after how long, of what. With `orphans`, PostgreSQL's backends outlive their postmaster."""

    after_s: float
    victim: str
    orphans: bool


def plan(rounds: int, seed: int) -> list[Round]:
    """Rounds of a seed: in at least half of them everything dies, and every part dies alone when there is room."""
    chance = random.Random(seed)
    alone = list(PARTS)[: rounds // 2]
    chance.shuffle(alone)
    victims = [EVERYTHING] * (rounds - len(alone)) + alone
    chance.shuffle(victims)
    return [Round(chance.uniform(0.3, 2.5), victim, chance.random() < 0.5) for victim in victims]


def strike(city: City, crash: Round) -> bool:
    """Kill -9; the result says whether the city has to be started again by hand."""
    assert city.process is not None
    supervisor = city.process.pid
    tree = {pid: _words(pid) for pid in [supervisor, *descendants(supervisor)]}
    if crash.victim == EVERYTHING:
        spared = {pid for pid, words in tree.items() if crash.orphans and words.startswith("postgres:")}
        for pid in tree.keys() - spared:
            kill(pid)
    else:
        kill(_wait_for(crash.victim, supervisor))
    if crash.victim not in {EVERYTHING, "supervisor"}:
        return False
    city.process.wait(10)
    return True


def _wait_for(victim: str, supervisor: int) -> int:
    """The victim's pid; it may be coming back from the round before."""
    deadline = time.monotonic() + _BACK_S
    while time.monotonic() < deadline:
        tree = {pid: _words(pid) for pid in [supervisor, *descendants(supervisor)]}
        if found := _find(victim, supervisor, tree):
            return found[-1] if victim.endswith(" worker") else found[0]
        time.sleep(0.05)
    raise AssertionError(f"there is no {victim} to kill after {_BACK_S:.0f} s")


def _find(victim: str, supervisor: int, tree: dict[int, str]) -> list[int]:
    if victim == "supervisor":
        return [supervisor]
    if victim in {"postmaster", "backend"}:
        wanted = [pid for pid, words in tree.items() if words.startswith("postgres:") == (victim == "backend")]
        return [pid for pid in wanted if "postgres" in tree[pid].partition(" ")[0]]
    mark = _MARKS[victim.partition(" ")[0]]
    return [pid for pid, words in tree.items() if mark in words]


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
