"""The population of a demo city: tables of its lake, with the demo's residents among the people."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from zhicheng.core.lake.public import Target, arrow_schema, company_key, has_table, person_key, read_tables, write_table
from zhicheng.core.lake.values import TableVersion
from zhicheng.kit.clock import CHINA
from zhicheng.simulator.population.firms import COMPANIES
from zhicheng.simulator.population.making import PopulationOrder, company_batches, person_batches
from zhicheng.simulator.population.residents import NEWCOMERS, RESIDENTS, Override
from zhicheng.simulator.running import SIMULATOR

PEOPLE, FIRMS = 20_000, 2_000


def resident_overrides(now: datetime) -> tuple[Override, ...]:
    """The rows of the demo's residents under the keys that their ID numbers have in this city."""
    today = now.astimezone(CHINA).date()
    return tuple(Override(person_key(one.id_number, today=today), one.facts) for one in (*RESIDENTS, *NEWCOMERS))


def firm_overrides(codes: frozenset[str]) -> tuple[Override, ...]:
    """The rows of the demo's companies, in the columns that this city's table has."""
    return tuple(
        Override(company_key(one.uscc), {code: value for code, value in one.facts.items() if code in codes})
        for one in COMPANIES
    )


def seed_population(
    now: datetime, *, people: int = PEOPLE, companies: int = FIRMS, overrides: tuple[Override, ...] | None = None
) -> dict[str, TableVersion]:
    """Write `person` and `company` of the city's lake, with its ledger told; nothing where they are there already.

    `overrides` are the rows of particular people; those of the demo's residents unless given.
    """
    if has_table("person"):
        return {}
    chosen = resident_overrides(now) if overrides is None else overrides
    tables = read_tables(Path(settings.PACK_ROOT))
    firms = firm_overrides(frozenset(tables["company"].codes)) if overrides is None else ()
    day = now.astimezone(CHINA).date()
    order = PopulationOrder(people, companies, day, Path(settings.PACK_ROOT), overrides=chosen, firms=firms)
    written = {}
    for code, batches in (("company", company_batches(order)), ("person", person_batches(order))):
        target = Target(code, arrow_schema(tables[code]), tables[code].key)
        written[code] = write_table(target, batches, actor=SIMULATOR.ref, now=now)
    return written
