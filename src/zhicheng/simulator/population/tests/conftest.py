from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from zhicheng.simulator.population.making import PopulationOrder, company_batches, person_batches

PACKS = Path(__file__).resolve().parents[5] / "packs"
DAY = date(2026, 1, 1)
ORDER = PopulationOrder(people=20_000, companies=2_000, day=DAY, pack=PACKS / "shenzhen")


@pytest.fixture(scope="session")
def people() -> pa.Table:
    return pa.Table.from_batches(list(person_batches(ORDER)))


@pytest.fixture(scope="session")
def companies() -> pa.Table:
    return pa.Table.from_batches(list(company_batches(ORDER)))
