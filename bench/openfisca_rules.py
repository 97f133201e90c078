"""The peer of `zhicheng bench rules`: OpenFisca on the same rules and people, in an environment of its own.

OpenFisca is AGPL and never a dependency; `make bench-peers` installs it apart. The folder holds `form.py` (rules as
variables of its country template), `facts.npz` (one array a fact) and `form.json`; results go to `results.npz`.

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
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.variables import Variable
from openfisca_country_template import CountryTaxBenefitSystem

PERIOD = "2026-01"


def main() -> int:
    """Calculate every rule for everybody; print the seconds as JSON."""
    folder = Path(sys.argv[1])
    about = json.loads((folder / "form.json").read_text())
    module = _load(folder / "form.py")
    system = CountryTaxBenefitSystem()
    for item in vars(module).values():
        if isinstance(item, type) and issubclass(item, Variable) and item is not Variable:
            variable = system.add_variable(item)
            if variable.value_type is int:
                variable.dtype = np.dtype(np.int64)  # its int32 would overflow on amounts in cents
    facts = dict(np.load(folder / "facts.npz"))
    started_s = time.perf_counter()
    simulation = SimulationBuilder().build_default_simulation(system, count=len(next(iter(facts.values()))))
    for code, values in facts.items():
        given = EnumArray(values, module.Code) if about["facts"][code] == "code" else values
        simulation.set_input(f"f_{code}", PERIOD, given)
    results = {rule: simulation.calculate(name, PERIOD) for rule, name in about["variables"].items()}
    seconds = time.perf_counter() - started_s
    np.savez(folder / "results.npz", **{name: np.asarray(results[rule]) for rule, name in about["variables"].items()})
    peak_gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"seconds": seconds, "peak_gib": round(peak_gib, 2), "version": version("openfisca-core")}))
    return 0


def _load(path: Path):  # noqa: ANN202  # a module
    spec = importlib.util.spec_from_file_location("form", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
