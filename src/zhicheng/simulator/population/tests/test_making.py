"""Equal orders make equal populations; a lake folder holds them; particular people stand in them as told."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from zhicheng.core.lake.public import connect, entity_key, facts_of, read_tables, table_version
from zhicheng.core.parties.public import parse_id_number
from zhicheng.simulator.population import making
from zhicheng.simulator.population.making import PopulationOrder, cached_population, make_population, person_batches
from zhicheng.simulator.population.residents import RESIDENTS, Override, override_rows
from zhicheng.simulator.population.tests.conftest import DAY, ORDER, PACKS

NOW = datetime(2026, 1, 1, 4, 0, tzinfo=UTC)
SMALL = replace(ORDER, people=1_000, companies=100)


def made(order: PopulationOrder) -> pa.Table:
    return pa.Table.from_batches(list(person_batches(order)))


class TestPopulation:
    def test_is_the_same_for_the_same_seed(self):
        assert made(SMALL).equals(made(SMALL))

    def test_is_another_for_another_seed(self):
        assert not made(SMALL).equals(made(replace(SMALL, seed=2)))

    def test_is_the_same_however_chunks_are_shared_out(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(making, "CHUNK", 400)
        whole = made(SMALL)
        parts = [batch for chunk in (0, 1, 2) for batch in person_batches(SMALL, range(chunk, chunk + 1))]
        assert whole.num_rows == 1_000
        assert whole.equals(pa.Table.from_batches(parts))

    @pytest.mark.parametrize("pack", ["shenzhen", "tinytown"])
    def test_fills_every_declared_column(self, pack: str):
        order = replace(SMALL, pack=PACKS / pack)
        assert made(order).column_names == list(read_tables(PACKS / pack)["person"].codes)

    def test_has_keys_of_the_shape_of_real_ones(self):
        keys = made(SMALL).column("person_key").to_pylist()
        assert len(set(keys)) == 1_000
        assert {len(key) for key in keys} == {len(entity_key(bytes(32)))}


class TestMakePopulation:
    def test_writes_tables_that_can_be_asked(self, tmp_path: Path):
        make_population(SMALL, tmp_path, now=NOW)
        assert table_version("person", root=tmp_path).rows == 1_000
        with connect(root=tmp_path) as lake:
            assert lake.execute("SELECT count(DISTINCT company_key) FROM company").fetchone() == (100,)

    def test_is_cached(self, tmp_path: Path):
        first = cached_population(SMALL, tmp_path, now=NOW, processes=1)
        before = (first / "person" / "_delta_log").stat().st_mtime_ns
        assert cached_population(SMALL, tmp_path, now=NOW, processes=1) == first
        assert (first / "person" / "_delta_log").stat().st_mtime_ns == before
        assert cached_population(replace(SMALL, seed=3), tmp_path, now=NOW, processes=1) != first


class TestResidents:
    def test_have_numbers_that_could_be(self):
        for resident in RESIDENTS:
            number = parse_id_number(resident.id_number, today=DAY)
            assert number.birth_date == resident.facts["birth_date"]
            assert number.is_female == (resident.facts["sex"] == "female")

    def test_stand_in_the_table_as_told(self, tmp_path: Path):
        overrides = tuple(Override(resident.phone, resident.facts) for resident in RESIDENTS)
        make_population(replace(SMALL, overrides=overrides), tmp_path, now=NOW)
        person = read_tables(PACKS / "shenzhen")["person"]
        for resident in RESIDENTS:
            found = facts_of(person, resident.phone, root=tmp_path)
            assert found is not None
            assert {code: found.facts[code].value for code in resident.facts} == dict(resident.facts)
            assert found.facts["deceased"].value is False

    def test_cannot_have_what_nobody_declares(self):
        person = read_tables(PACKS / "shenzhen")["person"]
        with pytest.raises(KeyError, match="shoe_size"):
            override_rows(person, (Override("k", {"shoe_size": 42}),))
