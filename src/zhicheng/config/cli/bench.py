"""`zhicheng bench NAME --json`: how fast this city is on this machine."""

import argparse
import json
from pathlib import Path
from typing import Any


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `bench` and what it measures."""
    parser = commands.add_parser("bench", help="测量这台机器上的速度")
    names = parser.add_subparsers(required=True, metavar="NAME")
    appeals = names.add_parser("appeals", help="整座城市的诉求受理速度：8 个并发客户端从外部提交")
    appeals.add_argument("--count", type=int, default=2500, help="每一轮提交的件数（共三轮）")
    appeals.add_argument("--json", action="store_true", help="最后在标准输出打印一个 JSON 对象")
    appeals.set_defaults(run=run_appeals, needs_django=False)
    inside = names.add_parser("inside", help="只测本进程：办理动作和状态表引擎（由 bench appeals 调用）")
    inside.set_defaults(run=run_inside, json=True)
    lists = names.add_parser("lists", help="一百万件工单时，各个列表和计数的速度")
    lists.add_argument("--cases", type=int, default=1_000_000, help="工单件数")
    lists.add_argument("--json", action="store_true", help="最后在标准输出打印一个 JSON 对象")
    lists.set_defaults(run=run_lists, needs_django=False)
    timing = names.add_parser("timing", help="只测列表查询（由 bench lists 调用）")
    timing.set_defaults(run=run_timing, json=True)
    rules = names.add_parser("rules", help="全市人口的规则判定：批量、逐人，并与 OpenFisca 对照")
    rules.add_argument("--people", type=int, default=1_000_000, help="模拟人口数")
    rules.add_argument("--rules", type=int, default=169, help="规则条数")
    rules.add_argument("--json", action="store_true", help="最后在标准输出打印一个 JSON 对象")
    rules.set_defaults(run=run_rules)
    services = names.add_parser("services", help="一件事从提交到拿证，和 8,600 个事项里的搜索")
    services.add_argument("--json", action="store_true", help="最后在标准输出打印一个 JSON 对象")
    services.set_defaults(run=run_services)
    assistant = names.add_parser("assistant", help="智能助手：16 个对话同时进行，知识库有十万个段落")
    assistant.add_argument("--passages", type=int, default=100_000, help="知识库的段落数")
    assistant.add_argument("--json", action="store_true", help="最后在标准输出打印一个 JSON 对象")
    assistant.set_defaults(run=run_assistant, needs_django=False)
    _register_indicators(names)
    _register_ingest(names)
    _register_twin(names)
    _register_cockpit(names)
    stock = names.add_parser("stock", help="只把知识库补到这么多段落（由 bench assistant 调用）")
    stock.add_argument("--passages", type=int, required=True, help="知识库的段落数")
    stock.set_defaults(run=run_stock, json=True)
    once = names.add_parser("rules-run", help="只做一次批量判定（由 bench rules 调用）")
    once.add_argument("--root", type=Path, required=True, help="模拟人口所在目录")
    once.add_argument("--rules", type=int, required=True, help="规则条数")
    once.add_argument("--comparable", action="store_true", help="只算能用 OpenFisca 表达的规则")
    once.add_argument("--held", action="store_true", help="从内存里的事实算起")
    once.set_defaults(run=run_rules_once, json=True)


def _register_indicators(names: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    indicators = names.add_parser("indicators", help="几千个指标在一百万件工单上算一遍，和每两秒一次的入湖")
    indicators.add_argument("--count", type=int, default=4000, help="指标个数")
    indicators.add_argument("--cases", type=int, default=1_000_000, help="工单件数")
    indicators.add_argument("--json", action="store_true", help="最后在标准输出打印一个 JSON 对象")
    indicators.set_defaults(run=run_indicators)


def _register_twin(names: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    twin = names.add_parser("twin", help="全市规模的图层：要素查询、瓦片、地址和指令，与 pygeoapi、tipg 对照")
    twin.add_argument("--without-peers", action="store_true", help="不与 pygeoapi、tipg 对照")
    twin.add_argument("--json", action="store_true", help="最后在标准输出打印一个 JSON 对象")
    twin.set_defaults(run=run_twin, needs_django=False)
    inside = names.add_parser("twin-inside", help="只测本进程：空间索引、地址和指令（由 bench twin 调用）")
    inside.add_argument("--cache", type=Path, required=True, help="全市数据和地址索引所在目录")
    inside.set_defaults(run=run_twin_inside, json=True)


def _register_cockpit(names: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    cockpit = names.add_parser("cockpit", help="驾驶舱：十万台设备在浏览器里的帧间隔，和告警多久上屏")
    cockpit.add_argument("--devices", type=int, default=100_000, help="地图上的设备数")
    cockpit.add_argument("--json", action="store_true", help="最后在标准输出打印一个 JSON 对象")
    cockpit.set_defaults(run=run_cockpit, needs_django=False)
    devices = names.add_parser("cockpit-devices", help="只放上这么多设备（由 bench cockpit 调用）")
    devices.add_argument("--count", type=int, required=True, help="设备数")
    devices.set_defaults(run=run_cockpit_devices, json=True)


def _register_ingest(names: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    ingest = names.add_parser("ingest", help="设备观测数据：409 万台设备，MQTT 和批量上报，与 Mosquitto 对照")
    ingest.add_argument("--devices", type=int, default=4_090_000, help="已登记的设备数")
    ingest.add_argument("--json", action="store_true", help="最后在标准输出打印一个 JSON 对象")
    ingest.set_defaults(run=run_ingest, needs_django=False)
    devices = names.add_parser("devices", help="只登记这么多设备（由 bench ingest 调用）")
    devices.add_argument("--count", type=int, required=True, help="设备数")
    devices.add_argument("--senders", type=int, required=True, help="其中要上报的设备数")
    devices.set_defaults(run=run_devices, json=True)


def run_twin(options: argparse.Namespace) -> int:
    """The twin at the size of the city."""
    from zhicheng.config.benches.twin import measure

    return _print(measure(with_peers=not options.without_peers), options)


def run_twin_inside(options: argparse.Namespace) -> int:
    """The twin's engines in the city whose environment this is."""
    from zhicheng.config.benches.twin_inside import measure_inside

    return _print(measure_inside(options.cache), options)


def run_appeals(options: argparse.Namespace) -> int:
    """Creates through the one public address."""
    from zhicheng.config.benches.appeals import measure

    return _print(measure(options.count), options)


def run_inside(options: argparse.Namespace) -> int:
    """Transitions and engine in this process."""
    from zhicheng.simulator.public import time_engine, time_transitions

    figures = {"transitions_per_s": round(time_transitions(1500), 1), "statetable_per_s": round(time_engine(), 1)}
    return _print(figures, options)


def run_lists(options: argparse.Namespace) -> int:
    """Lists and counts over many cases."""
    from zhicheng.config.benches.lists import measure

    return _print(measure(options.cases), options)


def run_indicators(options: argparse.Namespace) -> int:
    """Indicators over a lake of many cases."""
    from zhicheng.config.benches.indicators import measure

    return _print(measure(options.count, options.cases), options)


def run_timing(options: argparse.Namespace) -> int:
    """The queries of the lists, on a database that is filled."""
    from zhicheng.config.benches.lists import measure_inside

    return _print(measure_inside(), options)


def run_services(options: argparse.Namespace) -> int:
    """A theme from submit to licence, and the search of the catalogue."""
    from zhicheng.config.benches.services import measure

    return _print(measure(), options)


def run_assistant(options: argparse.Namespace) -> int:
    """Conversations with a city that knows much."""
    from zhicheng.config.benches.assistant import measure

    return _print(measure(options.passages), options)


def run_ingest(options: argparse.Namespace) -> int:
    """Readings into a city that knows millions of devices."""
    from zhicheng.config.benches.ingest import measure

    return _print(measure(options.devices), options)


def run_cockpit(options: argparse.Namespace) -> int:
    """The wall in a browser, with many devices."""
    from zhicheng.config.benches.cockpit import measure

    return _print(measure(options.devices), options)


def run_cockpit_devices(options: argparse.Namespace) -> int:
    """Simulated devices on the map of the city whose environment this is."""
    from zhicheng.config.benches.cockpit_devices import prepare_cockpit

    return _print(prepare_cockpit(options.count), options)


def run_devices(options: argparse.Namespace) -> int:
    """Simulated devices for the city whose environment this is."""
    from zhicheng.config.benches.ingest_devices import prepare_devices

    return _print(prepare_devices(options.count, options.senders), options)


def run_stock(options: argparse.Namespace) -> int:
    """Simulated documents for the knowledge of the city whose environment this is."""
    from zhicheng.config.benches.stocking import stock

    return _print(stock(options.passages), options)


def run_rules(options: argparse.Namespace) -> int:
    """Rules over a population."""
    from zhicheng.config.benches.rules import measure

    return _print(measure(options.people, options.rules), options)


def run_rules_once(options: argparse.Namespace) -> int:
    """One run over a population that is there."""
    from zhicheng.config.benches.rulerun import run_rules

    figures = run_rules(options.root, options.rules, only_comparable=options.comparable, held=options.held)
    return _print(figures, options)


def _print(figures: dict[str, Any], options: argparse.Namespace) -> int:
    if options.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        for name, value in figures.items():
            print(f"{name:<24} {value}")
    return 0
