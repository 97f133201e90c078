"""`zhicheng simulate city`: parcels, buildings, housing units and addresses of the whole city, or of a cut of it."""

import argparse
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from zhicheng.config import environment


def register_city(scenes: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `city` to what can be simulated."""
    city = scenes.add_parser("city", help="全市的宗地、建筑、房屋、地址、道路和设施（GeoParquet），可装入图层")
    size = city.add_mutually_exclusive_group()
    size.add_argument("--full", action="store_true", help="全市（默认）")
    size.add_argument("--cut", action="store_true", help="演示用的局部，由城市包 layers/city/figures.yaml 指定")
    city.add_argument("--areas", default="", metavar="CODES", help="只做这些区划（代码，逗号分隔）")
    city.add_argument("--seed", type=int, default=1, metavar="S", help="随机种子：同一个种子，同一座城市")
    city.add_argument("--processes", type=int, default=2, help="用几个进程")
    city.add_argument("--cache", type=Path, help="放在哪里（默认 ZHICHENG_CACHE，否则 ZHICHENG_HOME/cache）")
    city.add_argument("--install", action="store_true", help="装入已安装的城市包声明的图层")
    city.add_argument("--layers", default="", metavar="CODES", help="只装这些图层（逗号分隔，默认全部）")
    city.add_argument("--json", action="store_true", help="最后在标准输出打印一个 JSON 对象")
    city.set_defaults(run=run_city, needs_django=True)


def run_city(options: argparse.Namespace) -> int:
    """Make it where it is not in the cache, install it if asked, and say how long it took."""
    from zhicheng.kit.clock import now
    from zhicheng.simulator.public import CITY_LAYERS, CityOrder, cached_city, install_city

    areas = _codes(options.areas)
    size = "cut" if options.cut or areas else "full"
    order = CityOrder(environment.pack_root().resolve(), options.seed, size, areas)
    cache = options.cache or Path(os.environ.get("ZHICHENG_CACHE") or environment.home() / "cache")
    started_s = time.perf_counter()
    files = cached_city(order, cache, processes=options.processes, progress=_progress)
    figures: dict[str, Any] = {"seconds": round(time.perf_counter() - started_s, 1)}
    figures |= {"rows": dict(files.rows), "bytes": files.bytes, "folder": str(files.root)}
    if options.install:
        started_s = time.perf_counter()
        layers = _codes(options.layers) or CITY_LAYERS
        figures["installed"] = install_city(files, layers, now=now(), told=_told)
        figures["install_seconds"] = round(time.perf_counter() - started_s, 1)
    figures |= {"peak_gib": _peak_gib(), "load_1m": round(os.getloadavg()[0], 2)}
    _print(figures, as_json=options.json)
    return 0


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in text.split(",") if code.strip())


def _peak_gib() -> float:
    """Of this process and its largest child."""
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return round(kib / 2**20, 2)


def _progress(done: int, total: int) -> None:
    print(f"社区 {done}/{total}", file=sys.stderr, flush=True)


def _told(layer: str, rows: int) -> None:
    print(f"图层 {layer}：{rows:,} 行", file=sys.stderr, flush=True)


def _print(figures: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures, ensure_ascii=False))
        return
    for name, value in figures.items():
        print(f"{name:<16} {value}")
