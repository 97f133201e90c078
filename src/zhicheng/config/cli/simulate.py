"""`zhicheng simulate`: a whole day of the city through the real operations, in a database of its own; its buildings."""

import argparse
import json
import multiprocessing
import os
import queue
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from threading import BrokenBarrierError
from typing import TYPE_CHECKING, Any

from zhicheng.config.benches.apart import city_apart, run_command
from zhicheng.config.cli.simulate_city import register_city
from zhicheng.config.processes.lifeline import die_with_parent
from zhicheng.simulator.values import DayOrder, ShardReport

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess
    from multiprocessing.synchronize import Barrier

_DAY = date(2026, 3, 4)  # a Wednesday without holidays around it
_PATIENCE_S = 900.0


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("simulate", help="模拟城市的一天，或全市的建筑")
    names = parser.add_subparsers(required=True, metavar="场景")
    day = names.add_parser("day", help="一整天的诉求：受理、分拨、办理、评价、封存、校验")
    day.add_argument("--appeals", type=int, default=14_000, metavar="N", help="一天的诉求件数")
    day.add_argument("--seed", type=int, default=1, metavar="S", help="随机种子：同一个种子，同一天")
    day.add_argument("--date", type=date.fromisoformat, default=_DAY, help="模拟哪一天，如 2026-03-04")
    day.add_argument("--processes", type=int, default=2, help="用几个进程")
    day.add_argument("--here", action="store_true", help="写进 ZHICHENG_HOME 的这座城市（默认另开一座临时的城市）")
    day.add_argument("--json", action="store_true", help="最后在标准输出打印一个 JSON 对象")
    day.set_defaults(run=run_day, needs_django=False)
    register_city(names)


def run_day(options: argparse.Namespace) -> int:
    """Simulate; 1 when the ledger does not verify afterwards."""
    return _run_here(options) if options.here else _run_apart(options)


def _run_apart(options: argparse.Namespace) -> int:
    arguments = ["--appeals", options.appeals, "--seed", options.seed, "--date", options.date]
    arguments += ["--processes", options.processes, "--here", *(["--json"] if options.json else [])]
    with city_apart("day") as environment:
        return run_command(["simulate", "day", *arguments], environment)


def _run_here(options: argparse.Namespace) -> int:
    import django

    django.setup()
    from zhicheng.config.logs import configure_logs

    configure_logs()
    order = DayOrder(options.appeals, options.seed, options.date, shards=max(1, options.processes))
    started_s = time.perf_counter()
    reports = _play(order)
    played_s = time.perf_counter() - started_s
    figures = _figures(order, reports)
    figures = {"seconds": round(time.perf_counter() - started_s, 1), "played_seconds": round(played_s, 1), **figures}
    _print(figures, as_json=options.json)
    return 0 if figures["ledger_ok"] else 1


def _play(order: DayOrder) -> list[ShardReport]:
    context = multiprocessing.get_context("spawn")
    barrier, times = context.Barrier(order.shards), context.Array("d", order.shards, lock=False)
    results: Any = context.Queue()
    orders = [replace(order, shard=shard) for shard in range(order.shards)]
    children = [context.Process(target=_shard, args=(one, barrier, times, results)) for one in orders]
    for child in children:
        child.start()
    found = [_result(results, children) for _ in children]
    for child in children:
        child.join()
    failed = [report for report in found if isinstance(report, str)]
    if failed:
        raise SystemExit("\n".join(failed))
    return [report for report in found if isinstance(report, ShardReport)]


def _result(results: Any, children: "Sequence[BaseProcess]") -> ShardReport | str:
    """The next report; a process that died without one is noticed."""
    while True:
        try:
            found: ShardReport | str = results.get(timeout=1.0)
        except queue.Empty:
            if not any(child.is_alive() for child in children):
                return "一个模拟进程没有留下结果就结束了。"
        else:
            return found


class _Together:
    """Shards wait at a barrier and leave their next instant in shared memory."""

    def __init__(self, barrier: "Barrier", times: Any, place: int) -> None:
        self._barrier, self._times, self._place = barrier, times, place

    def earliest(self, mine_s: float) -> float:
        self._times[self._place] = mine_s
        self.meet()
        found = min(self._times)
        self.meet()  # nobody writes the next one before all have read
        return float(found)

    def meet(self) -> None:
        self._barrier.wait(_PATIENCE_S)


def _shard(order: DayOrder, barrier: "Barrier", times: Any, results: Any) -> None:
    """One process."""
    die_with_parent(signal.SIGTERM)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.config.settings")
    import django

    django.setup()
    from zhicheng.config.logs import configure_logs
    from zhicheng.simulator.public import run_shard

    configure_logs()
    try:
        results.put(run_shard(order, _Together(barrier, times, order.shard)))
    except BrokenBarrierError:
        results.put("另一个进程中断了。")
    except BaseException as error:
        barrier.abort()
        results.put(f"模拟中断：{type(error).__name__}: {error}")
        raise


def _figures(order: DayOrder, reports: list[ShardReport]) -> dict[str, Any]:
    """What the records say: the ledger verified, the service levels counted."""
    from zhicheng.apps.appeals.public import service_levels
    from zhicheng.core.ledger.public import ledger_gauges, seal, verify
    from zhicheng.kit.clock import now

    end = order.ends_at
    while seal(now=end):
        pass
    report, gauges = verify(now=now()), ledger_gauges(end)
    levels = service_levels(order.starts_at, order.starts_at + timedelta(days=1), end)
    return {
        "cases": sum(report.appeals for report in reports),
        "transitions": sum(report.acts for report in reports),
        "clock_firings": sum(report.firings for report in reports),
        "events": sum(report.events for report in reports),
        "ledger_ok": int(report.is_intact and not report.unsealed),
        "ledger_entries": report.entries,
        "verify_seconds": round(report.duration_s, 2),
        "outbox_left": gauges.outbox_rows,
        "levels": {level.code: None if level.value is None else round(level.value, 4) for level in levels},
        "seed": order.seed,
        "processes": order.shards,
        "load_1m": round(os.getloadavg()[0], 2),
    }


def _print(figures: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures, ensure_ascii=False))
        return
    for name, value in figures.items():
        print(f"{name:<16} {value}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
