"""A careless export, and the demo's own population."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhicheng.core.lake.public import facts_of, ingest, list_rejections, person_key, read_tables, table_version
from zhicheng.core.lake.values import Reason
from zhicheng.simulator.population.dirty import write_dirty
from zhicheng.simulator.population.residents import NEWCOMERS, RESIDENTS
from zhicheng.simulator.population.seeding import seed_population
from zhicheng.simulator.population.tests.conftest import DAY, ORDER, PACKS

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 1, 4, 0, tzinfo=UTC)
PERSON = read_tables(PACKS / "shenzhen")["person"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Path:
    settings.HOME = tmp_path
    return tmp_path


OF_SHAPES = {"outside", "empty_geometry", "crossed_geometry", "swapped_point", "wrong_geometry"}  # people have none


class TestDirtyExport:
    def test_has_each_fault_found_and_no_row_lost(self, tmp_path: Path):
        dirty = write_dirty(replace(ORDER, people=1_000), tmp_path / "people.csv")
        report = ingest(PERSON, dirty.path, actor="account:clerk", now=NOW)
        assert report.reasons == dirty.expected
        assert set(report.reasons) == {reason.value for reason in Reason} - OF_SHAPES
        assert (report.read, report.rejected) == (dirty.rows, dirty.rejected)
        assert report.version.rows == report.accepted == dirty.rows - dirty.rejected
        listed = list_rejections(report.id)
        assert len({found.row for found in listed}) == dirty.rejected

    def test_names_the_original_of_each_duplicate(self, tmp_path: Path):
        dirty = write_dirty(replace(ORDER, people=1_000), tmp_path / "people.csv")
        report = ingest(PERSON, dirty.path, actor="account:clerk", now=NOW)
        doubles = [found for found in list_rejections(report.id) if found.reason is Reason.DUPLICATE_KEY]
        assert doubles
        assert all(found.row > 1_000 >= (found.other_row or 0) > 0 for found in doubles)


class TestSeedPopulation:
    def test_makes_the_tables_once(self):
        written = seed_population(NOW, people=1_000, companies=100)
        assert written["person"].rows == 1_000 + len((*RESIDENTS, *NEWCOMERS))
        assert seed_population(NOW, people=1_000, companies=100) == {}
        assert table_version("person").version == 0

    def test_knows_the_residents_by_their_id_numbers(self):
        seed_population(NOW, people=1_000, companies=100)
        for resident in RESIDENTS:
            found = facts_of(PERSON, person_key(resident.id_number, today=DAY))
            assert found is not None
            assert found.facts["birth_date"].value == resident.facts["birth_date"]
