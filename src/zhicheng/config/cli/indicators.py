"""`zhicheng indicators`: list them, compute them again, show where they stand."""

import argparse
from datetime import datetime

from zhicheng.kit.clock import CHINA, now


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `indicators` command."""
    parser = commands.add_parser("indicators", help="城市运行指标：查看、重算")
    actions = parser.add_subparsers(required=True, metavar="动作")

    run = actions.add_parser("run", help="重新计算一段日子（含所在的月份）的指标")
    run.add_argument("--from", dest="first", type=_day, help="第一天，如 2026-11-01（默认今天）")
    run.add_argument("--to", dest="last", type=_day, help="最后一天（默认今天）")
    run.add_argument("--code", action="append", default=[], help="只算这个指标所在的数据集，可以写多次")
    run.set_defaults(run=run_run, needs_django=True)

    shown = actions.add_parser("show", help="各指标最新的值；缺数据的写明原因")
    shown.add_argument("--area", default="", help="区划代码（默认全市）")
    shown.set_defaults(run=run_show, needs_django=True)


def _day(text: str) -> str:
    """A day as written.

    Raises:
        ValueError: it is none.
    """
    return f"{datetime.strptime(text, '%Y-%m-%d').replace(tzinfo=CHINA):%Y-%m-%d}"


def run_run(options: argparse.Namespace) -> int:
    """Compute and print a line for each base and step; 1 when something could not be computed."""
    from zhicheng.apps.governance.public import run_indicators

    at = now()
    today = f"{at.astimezone(CHINA):%Y-%m-%d}"
    reports = run_indicators(options.first or today, options.last or today, now=at, codes=options.code)
    for report in reports:
        print(
            f"{report.base:<24}{report.step:<6}{report.periods:>5} 个时段 {report.values:>9,} 个值，"
            f"{report.changed:>9,} 个有变化，{report.ms / 1000:.2f} 秒"
        )
        for code, why in report.failures.items():
            print(f"  {code} 没有算出来：{why}")
    return 1 if any(report.failures for report in reports) else 0


def run_show(options: argparse.Namespace) -> int:
    """Print every indicator with its newest value."""
    from zhicheng.apps.governance.public import latest_values
    from zhicheng.apps.governance.values import STATE_LABELS

    for code, found in latest_values(options.area).items():
        print(
            f"{code:<44}{found.label:<24}{found.text:>16}  {STATE_LABELS[found.state]} {found.reason or found.period}"
        )
    return 0
