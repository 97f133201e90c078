"""OpenFisca beside us: the same rules in its own form, the same people, each verdict and amount compared."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import parquet

from zhicheng.config import environment
from zhicheng.config.benches.openfisca_form import PARAMETERS, PeerForm, comparable, write_form
from zhicheng.config.benches.rulebooks import DAY
from zhicheng.config.benches.widening import rules_to_run
from zhicheng.core.lake.public import (
    Limits,
    Target,
    arrow_schema,
    commit_parts,
    connect,
    has_table,
    read_tables,
    stage_parts,
)
from zhicheng.core.lake.values import ColumnType, EntityTable
from zhicheng.core.rules.public import trusting
from zhicheng.engines.rules.book import Rulebook
from zhicheng.engines.rules.bulk import FAILED, compile_bulk
from zhicheng.kit.clock import now

_ABSENT = {"openfisca_ratio": None, "element_wise_equal": None}
_HOW = (
    "the same rules generated as variables in the style of openfisca-country-template (Enums compared by member, "
    "parameters read through parameters(period), ages and months as variables counted as the template counts age, "
    "* and +, where and select; 64 bits only where 32 could overflow); every rule that has such a form (no dates "
    "shifted); same people with every fact known. openfisca_ratio: on both sides from the table in Parquet, rules "
    "loaded, to the last verdict in memory; OpenFisca gets each column by set_input, texts as the names of Enum "
    "members. openfisca_calculation_ratio: on both sides from facts in memory, as each keeps them. OpenFisca "
    "computes in one thread, we in two; we plan the query inside the watch, keep failed apart, and look through each "
    "verdict in Arrow batches"
)
_FILL = {ColumnType.BOOLEAN: "FALSE", ColumnType.INTEGER: "0", ColumnType.DECIMAL: "0", ColumnType.TEXT: "'unknown'"}
_RUNS = 3
_FILL_DATE = "DATE '1970-01-01'"


class Timed(Protocol):
    """How a run of ours is timed."""

    def __call__(self, root: Path, rules: int, *, only_comparable: bool, held: bool) -> dict[str, Any]:
        """The figures of one run."""


def compare_with_openfisca(root: Path, rules: int, timed: Timed) -> dict[str, Any]:
    """The ratio of the two times, and whether everything is equal; nulls where OpenFisca is not installed."""
    python = environment.REPOSITORY / ".venv-peers" / "bin" / "python"
    script = environment.REPOSITORY / "bench" / "openfisca_rules.py"
    if not python.exists() or not script.exists():
        return {**_ABSENT, "peer_missing": "在源码仓库里运行 make bench-peers（OpenFisca 装在单独的环境里）"}
    table = read_tables(environment.pack_root())["person"]
    filled = _filled(root, table)
    whole = _median(timed(filled, rules, only_comparable=True, held=False) for _ in range(_RUNS))
    calculation = _median(timed(filled, rules, only_comparable=True, held=True) for _ in range(_RUNS))
    book = rules_to_run(environment.pack_root(), rules).book
    ids = comparable(book, rules_to_run(environment.pack_root(), rules).ids, DAY)
    with tempfile.TemporaryDirectory(prefix="zhicheng-openfisca-") as name:
        folder = Path(name)
        form = write_form(book, ids, DAY, _texts(filled, table))
        _write(folder, form, filled)
        done = subprocess.run([python, script, folder], capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            return {**_ABSENT, "peer_failed": done.stderr[-500:]}
        theirs = json.loads(done.stdout)
        sys.stderr.write(f"OpenFisca {theirs['version']}：{theirs['seconds']:.1f} 秒\n")
        different = _different(filled, book, form, folder / "results.npz")
    return {
        "openfisca_ratio": round(theirs["seconds"] / whole["seconds"], 1),
        "openfisca_calculation_ratio": round(theirs["calculation_seconds"] / calculation["seconds"], 1),
        "element_wise_equal": int(not different),
        "different": different[:10],
        "openfisca": theirs,
        "seconds_1m": whole["seconds"],
        "calculation_seconds_1m": calculation["seconds"],
        "openfisca_people": whole["people"],
        "openfisca_rules": len(ids),
        "openfisca_how": _HOW,
    }


def _median(runs: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return sorted(runs, key=lambda run: float(run["seconds"]))[_RUNS // 2]


def _filled(root: Path, table: EntityTable) -> Path:
    """The same people without unknown facts: OpenFisca has no unknown. Cached beside the population."""
    filled = root / "all_known"
    if has_table(table.code, root=filled):
        return filled
    columns = ", ".join(
        f'coalesce("{column.code}", {_FILL.get(column.type, _FILL_DATE)}) AS "{column.code}"'
        for column in table.columns
    )
    target = Target(table.code, arrow_schema(table), table.key)
    with connect([table.code], root=root) as lake:
        parts = stage_parts(target, lake.stream(f"SELECT {columns} FROM {table.code}"), root=filled)
    commit_parts(target, parts, at=now(), root=filled)
    return filled


def _texts(root: Path, table: EntityTable) -> dict[str, list[str]]:
    """Every value of each column that holds codes; keys are no facts for rules."""
    names = [c.code for c in table.columns if c.type is ColumnType.TEXT and not c.code.endswith("_key")]
    with connect([table.code], root=root) as lake:
        rows = {name: lake.execute(f'SELECT DISTINCT "{name}" FROM {table.code} ORDER BY 1') for name in names}
        return {name: [value for (value,) in found.fetchall()] for name, found in rows.items()}


def _write(folder: Path, form: PeerForm, root: Path) -> None:
    (folder / "form.py").write_text(form.source, encoding="utf-8")
    about = {
        "facts": dict(form.facts),
        "variables": dict(form.variables),
        "wide": list(form.wide),
        "parameters": {PARAMETERS: dict(form.parameters)},
    }
    (folder / "form.json").write_text(json.dumps(about), encoding="utf-8")
    columns = ", ".join(f'"{code}"' for code in form.facts)
    with connect(["person"], root=root, limits=Limits(4096, ordered=True)) as lake:
        parquet.write_table(lake.table(f"SELECT {columns} FROM person"), folder / "facts.parquet")


def _different(root: Path, book: Rulebook, form: PeerForm, results: Path) -> list[str]:
    """The rules of which at least one verdict or amount differs, is unknown, or failed."""
    theirs: Mapping[str, npt.NDArray[Any]] = np.load(results)
    with connect(["person"], root=root, limits=Limits(6144, ordered=True)) as lake:
        options = trusting(lake.accounts["person"])
        ours = lake.table(compile_bulk(book, list(form.variables), "person", day=DAY, options=options).sql)
    if ours.column(FAILED).null_count != ours.num_rows:
        return [FAILED]
    names = ((rule, form.variables[rule]) for rule in ours.column_names if rule in form.variables)
    return [rule for rule, name in names if not _is_equal(ours.column(rule), theirs[name])]


def _is_equal(ours: pa.ChunkedArray, theirs: npt.NDArray[Any]) -> bool:
    return not ours.null_count and bool(np.array_equal(ours.to_numpy(), theirs))
