"""`zhicheng bench assistant`: sixteen conversations at once with a whole city that knows 100,000 passages.

The questions are the pack's: those of its evaluation set and the ways of asking of its everyday questions, each with an
opening of its own, so that none is asked twice; one message in six is a follow-up. Nobody's answers are kept ready.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from zhicheng.config import environment
from zhicheng.config.benches.city import BenchCity, running_city

RUNS, CLIENTS = 3, 16
_MESSAGES = 1_800  # a run
_WARM_UP = 300
_BUSY_S, _CALM_S = 0.5, 2.0  # between two looks at the memory
_EACH = 5  # questions of a conversation, one of them followed up
_FOLLOW_UPS = ("那要多久？", "要带什么材料？", "收费吗？", "在哪里办？", "有什么条件？")
_OPENINGS = ("", "请问", "您好，", "想问一下，", "麻烦问下，", "帮我看看，", "你好，请问")
_GIB = 2**30
_HOW = (
    "everything that zhicheng up starts, on its own database; an outside process, one keep-alive connection a "
    "conversation; answers_per_s counts only answers that quote a source, times are those of all messages; peak_gib is "
    "the sum over all processes of the city with each shared page counted once (rss_gib: counted in each), indexing "
    "included; index_seconds from the commit of the documents until the worker's index holds them"
)


def measure(passages: int) -> dict[str, Any]:
    """All figures."""
    with running_city() as city, _watched(city) as memory:
        city.await_index()
        stocked = _stock(city, passages)
        index_seconds = city.await_index()
        _say(f"{passages:,} 个段落，索引 {index_seconds:.0f} 秒")
        talks = conversations(environment.pack_root())
        memory["every_s"] = _CALM_S
        _client(city, talks, _WARM_UP)
        runs = [_client(city, talks, _MESSAGES) for _ in range(RUNS)]
    return {
        **{name: float(statistics.median(run[name] for run in runs)) for name in ("answers_per_s", "p50_ms", "p99_ms")},
        "passages": stocked["passages"],
        "index_seconds": round(index_seconds, 1),
        "peak_gib": round(max(memory["pss"]) / _GIB, 2),
        "rss_gib": round(max(memory["rss"]) / _GIB, 2),
        "memory_mib": memory["parts"],
        "clients": CLIENTS,
        "how": _HOW,
        "stock": stocked,
        "runs": runs,
        "load_1m": round(os.getloadavg()[0], 2),
    }


def conversations(pack: Path) -> Iterator[list[str]]:
    """Conversations of messages that are all different, but for what follows a question up; always the same ones."""
    chance = random.Random(_EACH)  # noqa: S311  # the same questions every time
    evaluation = _yaml(pack / "evaluation" / "answers.yaml")
    texts = [row["question"] for row in evaluation["questions"]]
    asked = [text for path in sorted((pack / "faqs").glob("*.yaml")) for row in _yaml(path) for text in row["asked"]]
    opened = [f"{opening}{text}" for opening in _OPENINGS for text in texts]
    messages = sorted({*opened, *(f"{chance.choice(_OPENINGS)}{text}" for text in asked)})
    chance.shuffle(messages)
    for start in range(0, len(messages) - _EACH, _EACH):
        some = messages[start : start + _EACH]
        yield [some[0], chance.choice(_FOLLOW_UPS), *some[1:]]


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _stock(city: BenchCity, passages: int) -> dict[str, Any]:
    """Fill the knowledge up, from a process that has Django on this city."""
    call = "from zhicheng.config.cli import main; raise SystemExit(main())"
    command = [sys.executable, "-c", call, "bench", "stock", "--passages", str(passages)]
    given = {**os.environ, "ZHICHENG_HOME": str(city.home), "DATABASE_URL": city.database_url}
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _client(city: BenchCity, talks: Iterator[list[str]], messages: int) -> dict[str, Any]:
    script = environment.REPOSITORY / "bench" / "assistant.py"
    if not script.exists():
        raise SystemExit("压测客户端在源码仓库的 bench/ 目录里：请在克隆的仓库中运行 zhicheng bench。")
    file = city.home / "messages.json"
    file.write_text(json.dumps([next(talks) for _ in range(messages // (_EACH + 1))]), encoding="utf-8")
    command = [sys.executable, str(script), "--url", city.url, "--messages", str(file), "--clients", str(CLIENTS)]
    before = city.cpu_s()
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if not done.stdout:
        raise SystemExit(done.stderr[-2000:])
    figures: dict[str, Any] = json.loads(done.stdout)
    spent = {name: seconds - before.get(name, 0.0) for name, seconds in city.cpu_s().items()}
    spent = {"all": spent.pop("supervisor"), **spent}  # all others are below it
    figures["cpu_ms_each"] = {name: round(s * 1000 / max(1, figures["messages"]), 2) for name, s in spent.items()}
    _say(f"{figures['answers_per_s']} 个有据的回答/秒，p99 {figures['p99_ms']} 毫秒，{figures['outcomes']}")
    return figures


@contextmanager
def _watched(city: BenchCity) -> Iterator[dict[str, Any]]:
    """What the city's processes hold in memory, looked at every half second, and more rarely while answers are timed.

    A look walks through all pages of a process, and keeps it from taking new ones for as long.
    """
    found: dict[str, Any] = {"rss": [0], "pss": [0], "parts": {}, "every_s": _BUSY_S}
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(found["every_s"]):
            parts = city.memory_bytes()
            found["rss"].append(sum(rss for rss, _ in parts.values()))
            found["pss"].append(sum(pss for _, pss in parts.values()))
            if found["pss"][-1] == max(found["pss"]):
                found["parts"] = {name: pss // 2**20 for name, (_, pss) in parts.items()}

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
