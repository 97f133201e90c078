"""How right commands in words are read: the pack's test set against what the grammar makes of it. Needs no database.

Every command of `evaluation/commands*.yaml` has the query that it means, or the reason to refuse it.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from zhicheng.apps.governance.public import known_of, read_catalogue
from zhicheng.apps.twin.public import gather_words, source_of, with_synonyms
from zhicheng.engines.commands.assembling import assemble
from zhicheng.engines.commands.indicators import read_asked
from zhicheng.engines.commands.parsing import Reading
from zhicheng.engines.commands.plain import brief, read_condition, read_measure, write_condition, write_measure
from zhicheng.engines.commands.tokens import Lexicon, make_lexicon

_SETS = ("in", "out", "near", "where", "when")


class FileRefused(ValueError):
    """A test file cannot be used; says where and why."""


@dataclass(frozen=True)
class Case:
    """One command: what it means, or None where it must be refused."""

    say: str
    now: datetime
    want: Mapping[str, Any] | None


def measure(pack: Path, files: Sequence[Path], *, say: Callable[[str], None]) -> dict[str, Any]:
    """Read every command and compare. `exact`: the expected query, or a refusal where one is due; shares of `n`.

    Raises:
        OSError: a file cannot be read.
        FileRefused: it is not such a file.
    """
    cases = [case for path in files for case in read_cases(path)]
    body = gather_words(pack)
    lexicon = make_lexicon(assemble(source_of(body)))
    indicators = with_synonyms(body["words"], known_of(read_catalogue(pack)))
    for case in cases[:20]:
        read_asked(case.say, lexicon, indicators, case.now)
    counts = {"exact": 0, "wrong": 0, "refused": 0, "refused_rightly": 0}
    times: list[float] = []
    for case in cases:
        started_s = time.perf_counter()
        reading = read_asked(case.say, lexicon, indicators, case.now)
        times.append(time.perf_counter() - started_s)
        verdict = judge(case, reading)
        counts[verdict] += 1
        counts["exact"] += verdict == "refused_rightly"
        if verdict in ("wrong", "refused"):
            say(_told(case, reading))
    return _figures(counts, times, lexicon, len(cases))


def read_cases(path: Path) -> Iterator[Case]:
    """The commands of a file.

    Raises:
        OSError: it cannot be read.
        FileRefused: it is not such a file.
    """
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        said = found["now"]
        now = said if isinstance(said, datetime) else datetime.fromisoformat(str(said))
        for row in found["commands"]:
            yield Case(str(row["say"]), now, normal(row["want"]) if "want" in row else None)
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise FileRefused(f"{path}：应有 now 和 commands（say，want 或 refuse）：{error}") from None


def normal(query: Mapping[str, Any]) -> dict[str, Any]:
    """A query in the one form that two of the same meaning share."""
    made: dict[str, Any] = {}
    for name, value in query.items():
        if name in _SETS:
            value = sorted(map(str, value))
        elif name in ("top", "bottom"):
            value = str(value)
        if value not in ("", []):
            made[name] = value
    if "where" in made:
        made["where"] = sorted(write_condition(read_condition(text)) for text in made["where"])
    if "get" in made:
        made["get"] = write_measure(read_measure(made["get"]))
    if "having" in made:
        made["having"] = write_condition(read_condition(made["having"]))
    return made


def judge(case: Case, reading: Reading) -> str:
    """`exact`, `wrong`, `refused` (though it has a meaning), `refused_rightly`."""
    if reading.command is None:
        return "refused" if case.want is not None else "refused_rightly"
    return "exact" if case.want is not None and normal(brief(reading.command)) == case.want else "wrong"


def _figures(counts: Mapping[str, int], times: Sequence[float], lexicon: Lexicon, n: int) -> dict[str, Any]:
    ordered = sorted(times)
    return {
        "exact": round(counts["exact"] / n, 4) if n else None,
        "wrong": round(counts["wrong"] / n, 4) if n else None,
        "refused": round(counts["refused"] / n, 4) if n else None,
        "n": n,
        "n_exact": counts["exact"],
        "n_wrong": counts["wrong"],
        "n_refused": counts["refused"],
        "n_refused_rightly": counts["refused_rightly"],
        "ms_p50": round(ordered[n // 2] * 1000, 3) if n else None,
        "ms_p99": round(ordered[min(n - 1, n * 99 // 100)] * 1000, 3) if n else None,
        "words": len(lexicon.words),
        "load_1m": round(os.getloadavg()[0], 2),
    }


def _told(case: Case, reading: Reading) -> str:
    if reading.command is None:
        return f"没听懂：{case.say}\n  {reading.refusal.message if reading.refusal else ''}"
    got = normal(brief(reading.command))
    if case.want is None:
        return f"应当拒绝：{case.say}\n  却得到 {got}"
    parts = [
        f"  {name}：应为 {case.want.get(name)}，得到 {got.get(name)}"
        for name in sorted({*got, *case.want})
        if got.get(name) != case.want.get(name)
    ]
    return "\n".join([f"听错了：{case.say}", *parts])
