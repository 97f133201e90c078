"""`zhicheng bench rules`: many rules for a whole population at once, for one after another, and beside OpenFisca.

The population is simulated, made once and cached (ZHICHENG_CACHE, else the cache folder of ZHICHENG_HOME). Timed
runs are processes of their own, from compiling the checked rules to the last verdict in Arrow, reading files included.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from zhicheng.config import environment
from zhicheng.config.benches.peer import compare_with_openfisca
from zhicheng.config.benches.rulebooks import DAY
from zhicheng.config.benches.widening import rules_to_run
from zhicheng.core.lake.public import Limits, connect, read_tables
from zhicheng.core.rules.public import trusting
from zhicheng.engines.rules.bulk import compile_bulk
from zhicheng.engines.rules.evaluation import Evaluator
from zhicheng.kit.clock import now
from zhicheng.simulator.public import PopulationOrder, cached_population

RUNS = 3
LONG_RUN_S = 45.0  # beyond it, one run is enough for a bench of five minutes
_SCALAR_PEOPLE = 2_000
_PEER_PEOPLE = 1_000_000


def measure(people: int, rules: int) -> dict[str, Any]:
    """All figures."""
    root = population(people)
    first = timed(root, rules)
    runs = [first, *(timed(root, rules) for _ in range(RUNS - 1) if first["seconds"] < LONG_RUN_S)]
    seconds = statistics.median(run["seconds"] for run in runs)
    scalar = _scalar(root, rules)
    peer = compare_with_openfisca(population(min(people, _PEER_PEOPLE)), rules, timed)
    return {
        "seconds": round(seconds, 2),
        "peak_gib": max(run["peak_gib"] for run in runs),
        "verdicts": first["verdicts"],
        **scalar,
        **peer,
        "people": first["people"],
        "rules": rules,
        "rules_how": rules_to_run(environment.pack_root(), rules).how,
        "verdicts_per_s": round(first["verdicts"] / seconds),
        "failed": first["failed"],
        "runs": [run["seconds"] for run in runs],
        "load_1m": round(os.getloadavg()[0], 2),
    }


def population(people: int) -> Path:
    """The lake folder with so many people, made where it is not in the cache."""
    cache = Path(os.environ.get("ZHICHENG_CACHE") or environment.home() / "cache")
    order = PopulationOrder(people, max(people // 9, 1), DAY, environment.pack_root())
    _say(f"准备 {people:,} 人的模拟人口（已有则直接使用）：{cache}")
    started_s = time.perf_counter()
    root = cached_population(order, cache, now=now(), processes=min(os.cpu_count() or 1, 2))
    _say(f"人口就绪，用时 {time.perf_counter() - started_s:.1f} 秒")
    return root


def timed(root: Path, rules: int, *, only_comparable: bool = False, held: bool = False) -> dict[str, Any]:
    """One run in a process of its own; if asked, of only those rules that the peer can be given, from held facts."""
    call = "from zhicheng.config.cli import main; raise SystemExit(main())"
    command = [sys.executable, "-c", call, "bench", "rules-run", "--root", str(root), "--rules", str(rules)]
    command += [flag for flag, wanted in (("--comparable", only_comparable), ("--held", held)) if wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout)
    _say(f"{found['verdicts']:,} 个结论，{found['seconds']} 秒，内存 {found['peak_gib']} GiB")
    return found


def _scalar(root: Path, rules: int) -> dict[str, Any]:
    """One person after another, with reasons; and whether the query says the same of them."""
    table = read_tables(environment.pack_root())["person"]
    wide = rules_to_run(environment.pack_root(), rules)
    book, ids = wide.book, wide.ids
    relation = f"(SELECT * FROM person LIMIT {_SCALAR_PEOPLE})"
    with connect(["person"], root=root, limits=Limits(ordered=True)) as lake:
        query = compile_bulk(book, ids, relation, day=DAY, options=trusting(lake.accounts["person"]))
        people = lake.table(f"SELECT * FROM person LIMIT {_SCALAR_PEOPLE}").to_pylist()
        verdicts = {row[table.key]: row for row in lake.table(query.sql).to_pylist()}
    evaluator = Evaluator(book, DAY)
    evaluator.evaluate(ids, people[0])
    started_s = time.perf_counter()
    outcomes = [evaluator.evaluate(ids, person) for person in people]
    seconds = time.perf_counter() - started_s
    same = all(
        outcome[rule].value == verdicts[person[table.key]][rule]
        for person, outcome in zip(people, outcomes, strict=True)
        for rule in ids
    )
    return {"scalar_per_s": round(len(people) * len(ids) / seconds), "scalar_equals_bulk": int(same)}


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
