"""The peer of `zhicheng bench rules`: OpenFisca on the same rules and people, in an environment of its own.

OpenFisca is AGPL and never a dependency; `make bench-peers` installs it apart. The folder holds `form.py` (rules as
variables of its country template), `facts.parquet` (one column a fact) and `form.json`; results go to `results.npz`.

    python bench/openfisca_rules.py FOLDER
"""

import importlib.util
import json
import resource
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
from openfisca_core.parameters import ParameterNode
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.variables import Variable
from openfisca_country_template import CountryTaxBenefitSystem
from pyarrow import parquet

PERIOD, ETERNITY = "2026-01", "ETERNITY"


def main() -> int:
    """Calculate every rule for everybody; print the seconds as JSON."""
    folder = Path(sys.argv[1])
    about = json.loads((folder / "form.json").read_text())
    module = _load(folder / "form.py")
    system = CountryTaxBenefitSystem()
    for item in vars(module).values():
        if isinstance(item, type) and issubclass(item, Variable) and item is not Variable:
            variable = system.add_variable(item)
            if variable.name in about["wide"]:
                variable.dtype = np.dtype(np.int64)  # its int32 could overflow
    for name, numbers in about["parameters"].items():
        values = {code: {"values": {"2000-01-01": {"value": value}}} for code, value in numbers.items()}
        system.parameters.add_child(name, ParameterNode(name, data=values))
    started_s = time.perf_counter()
    table = parquet.read_table(folder / "facts.parquet")
    simulation = SimulationBuilder().build_default_simulation(system, count=table.num_rows)
    for code, kind in about["facts"].items():
        simulation.set_input(f"f_{code}", ETERNITY if kind == "date" else PERIOD, _as_numpy(table.column(code), kind))
    began_s = time.perf_counter()
    results = {rule: simulation.calculate(name, PERIOD) for rule, name in about["variables"].items()}
    ended_s = time.perf_counter()
    found = {"seconds": ended_s - started_s, "calculation_seconds": ended_s - began_s}
    np.savez(folder / "results.npz", **{name: np.asarray(results[rule]) for rule, name in about["variables"].items()})
    peak_gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({**found, "peak_gib": round(peak_gib, 2), "version": version("openfisca-core")}))
    return 0


def _as_numpy(column, kind):  # noqa: ANN001, ANN202
    """A column as `set_input` takes it: texts are names of members."""
    if kind == "code":
        return np.array(column.to_pylist())
    values = column.to_numpy()
    return values.astype("datetime64[D]") if kind == "date" else values


def _load(path: Path):  # noqa: ANN202  # a module
    spec = importlib.util.spec_from_file_location("form", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
