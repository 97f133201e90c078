"""Figures from inside one process: transitions through the public function, the pure engine, bare inserts.

`python -m bench.inside transitions|statetable|baseline SECONDS` prints JSON.
"""

import json
import os
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

_STEPS = (
    ("accept", {}),
    ("contact", {"text": "已联系您，今天到现场查看。"}),
    ("reply", {"text": "已到现场处理完毕，恢复正常，感谢您的反映和监督。", "outcome": "solved"}),
)


def transitions(seconds: float) -> dict[str, float]:
    """accept, contact, reply on assigned appeals, one after another, each a transaction of its own."""
    _setup()
    from zhicheng.core.cases.public import Purpose, act, list_cases
    from zhicheng.core.cases.values import ActCommand, CaseFilter
    from zhicheng.core.parties.values import Actor, ActorKind, Grant, system_actor
    from zhicheng.kit.clock import now

    wanted = CaseFilter(process="appeal", states=frozenset({"assigned"}), order="newest")
    rows = list_cases(system_actor("bench"), wanted, purpose=Purpose.ANY, limit=5000).rows
    done, started = 0, time.perf_counter()
    for row in rows:
        actor = Actor(ActorKind.OFFICIAL, uuid4(), grants=(Grant("handler", row.unit, frozenset({"cases.handle"})),))
        for action, given in _STEPS:
            act(ActCommand(row.id, action, given), actor, now())
            done += 1
        if time.perf_counter() - started > seconds:
            break
    return {"count": done, "seconds": time.perf_counter() - started}


def statetable(seconds: float) -> dict[str, float]:
    """The pure decision alone: accept, contact, reply on a case in memory."""
    import yaml

    from zhicheng.engines.statetable.definition import parse_process
    from zhicheng.engines.statetable.transition import CaseState, Request, apply, open_case

    path = Path(__file__).resolve().parents[1] / "packs" / "shenzhen" / "processes" / "appeal.yaml"
    process = parse_process(yaml.safe_load(path.read_text(encoding="utf-8")))
    at = datetime(2026, 3, 2, 2, tzinfo=UTC)
    facts = {"limit": {"hours": 72, "calendar": "always"}, "urgent": False}
    start = open_case(process, CaseState("assigned", "U", facts), at, {}).case
    held = frozenset({"cases.handle"})
    done, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        case = start
        for step, (action, given) in enumerate(_STEPS):
            request = Request(action, held, given, {"open_children": 0})
            case = apply(process, case, request, at + timedelta(minutes=step), {}).case
            done += 1
    return {"count": done, "seconds": time.perf_counter() - began}


def baseline(seconds: float) -> dict[str, float]:
    """A bare INSERT of a row like a case, eight connections, each statement its own transaction."""
    import psycopg

    from zhicheng.config.database import database_url

    with psycopg.connect(database_url(), autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS bench_row (id uuid PRIMARY KEY, at timestamptz, title text, facts jsonb)"
        )
    counts: list[int] = []
    threads = [threading.Thread(target=_insert, args=(database_url(), seconds, counts)) for _ in range(8)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - began
    with psycopg.connect(database_url(), autocommit=True) as connection:
        connection.execute("DROP TABLE bench_row")
    return {"count": sum(counts), "seconds": taken}


def _insert(url: str, seconds: float, counts: list[int]) -> None:
    import psycopg

    done, end = 0, time.perf_counter() + seconds
    with psycopg.connect(url, autocommit=True) as connection:
        while time.perf_counter() < end:
            values: tuple[Any, ...] = (
                uuid4(),
                datetime.now(UTC),
                "路灯坏了三天，晚上很黑",
                json.dumps({"urgent": False, "limit": 5}),
            )
            connection.execute("INSERT INTO bench_row VALUES (%s, %s, %s, %s)", values)
            done += 1
    counts.append(done)


def _setup() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.config.settings")
    import django

    django.setup()


if __name__ == "__main__":
    chosen = {"transitions": transitions, "statetable": statetable, "baseline": baseline}[sys.argv[1]]
    print(json.dumps(chosen(float(sys.argv[2]))))
