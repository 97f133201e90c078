"""Who is killed in a round, and doing it."""

import random
from dataclasses import dataclass
from pathlib import Path

from tests.running import City, descendants, kill

EVERYTHING = "everything"
PARTS = ("supervisor", "web", "web worker", "door", "door worker", "worker", "postmaster", "backend")


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
        kill(_find(crash.victim, supervisor, tree))
    if crash.victim not in {EVERYTHING, "supervisor"}:
        return False
    city.process.wait(10)
    return True


def _find(victim: str, supervisor: int, tree: dict[int, str]) -> int:
    if victim == "supervisor":
        return supervisor
    marks = {"web": "--interface wsgi", "door": "--interface asgi", "worker": "processes.worker"}
    if victim in {"postmaster", "backend"}:
        wanted = [pid for pid, words in tree.items() if words.startswith("postgres:") == (victim == "backend")]
        return next(pid for pid in wanted if "postgres" in tree[pid].partition(" ")[0])
    part, _, inner = victim.partition(" ")
    same = [pid for pid, words in tree.items() if marks[part] in words]
    return same[-1] if inner else same[0]


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
