"""What a simulated person must agree with, and what the city as a whole looks like."""

from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pytest

from zhicheng.core.lake.public import read_tables
from zhicheng.simulator.population.tests.conftest import PACKS

IMPOSSIBLE = {
    "lives here longer than at all": "resident_since_date < birth_date",
    "has a spouse unmarried": "spouse_hukou_city IS NOT NULL AND marital_status = 'single'",
    "has more small than minor children": "children_under_3 > children_under_18",
    "has more minor children than children": "children_under_18 > children_count",
    "is insured before working age": "birth_date + INTERVAL 16 YEAR > TODAY AND social_insurance_months > 0",
    "is insured in a row longer than ever": "social_insurance_recent_months > social_insurance_months",
    "has less pension than insurance here": "pension_months < social_insurance_months",
    "works and is registered as unemployed": "employed AND unemployment_registered",
    "is unemployed since never": "unemployment_registered AND unemployment_since_date IS NULL",
    "has an employer without being employed": "employer_key IS NOT NULL AND employment_kind <> 'employee'",
    "is married as a child": "birth_date > TODAY - INTERVAL 18 YEAR AND marital_status <> 'single'",
    "has a degree as a child": "birth_date > TODAY - INTERVAL 18 YEAR AND education IN ('college', 'bachelor')",
    "earns less than nothing": "monthly_income_cents < 0",
    "earns more than the household": "monthly_income_cents > household_income_cents",
    "gave birth as a man": "childbirth_date IS NOT NULL AND sex = 'male'",
    "is a certified disabled person without disability": "disability_certified AND disability_level = 0",
    "died alive": "deceased <> (deceased_date IS NOT NULL)",
    "works dead": "deceased AND employed",
    "is foreign with a hukou": '"foreign" AND hukou_city IS NOT NULL',
    "has a business of none": "business_founded_date > birth_date AND employment_kind <> 'self_employed'",
    "founded a business tomorrow": "business_founded_date > TODAY",
    "has a child in kindergarten without children": "child_in_kindergarten AND children_under_18 = 0",
    "owns a flat and has a public one": "housing_owned AND public_housing",
}
EXPECTED = {
    "men": ("sex = 'male'", 0.55, 0.03),
    "of this city's hukou": ("hukou_city = '440300'", 0.30, 0.04),
    "under 15": ("birth_date > TODAY - INTERVAL 15 YEAR", 0.15, 0.03),
    "60 and older": ("birth_date <= TODAY - INTERVAL 60 YEAR", 0.054, 0.02),
    "with a college degree": ("education IN ('college', 'bachelor', 'master', 'doctor')", 0.29, 0.06),
    "employed": ("employed", 0.65, 0.06),
    "disabled": ("disability_level > 0", 0.02, 0.01),
}


@pytest.fixture(scope="module")
def ask(people: pa.Table) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as lake:
        lake.register("person", people)
        yield lake


class TestPerson:
    @pytest.mark.parametrize("name", IMPOSSIBLE)
    def test_never(self, name: str, ask: duckdb.DuckDBPyConnection):
        condition = IMPOSSIBLE[name].replace("TODAY", "DATE '2026-01-01'")
        assert ask.execute(f"SELECT count(*) FROM person WHERE {condition}").fetchone() == (0,)

    def test_shares_the_household_with_its_other_members(self, ask: duckdb.DuckDBPyConnection):
        sql = "SELECT count(*) AS n, max(household_size) AS size FROM person GROUP BY household_key HAVING n <> size"
        assert ask.execute(sql).fetchall() == []

    def test_works_for_a_company_that_exists(self, ask: duckdb.DuckDBPyConnection, companies: pa.Table):
        ask.register("company", companies)
        sql = (
            "SELECT count(*) FROM person ANTI JOIN company ON employer_key = company_key WHERE employer_key IS NOT NULL"
        )
        assert ask.execute(sql).fetchone() == (0,)

    def test_stays_within_the_declared_codes_and_ranges(self, ask: duckdb.DuckDBPyConnection):
        for column in read_tables(PACKS / "shenzhen")["person"].columns:
            found = ask.execute(f'SELECT DISTINCT "{column.code}"::VARCHAR FROM person').fetchall()
            if column.codes:
                assert {value for (value,) in found if value is not None} <= set(column.codes)
            if column.most is not None:
                sql = f'SELECT min("{column.code}"), max("{column.code}") FROM person'
                low, high = ask.execute(sql).fetchone() or (None, None)
                assert (column.least or 0) <= low <= high <= column.most
            if not column.nullable:
                assert (None,) not in found


class TestCity:
    @pytest.mark.parametrize("name", EXPECTED)
    def test_has_about_as_many(self, name: str, ask: duckdb.DuckDBPyConnection):
        condition, share, tolerance = EXPECTED[name]
        sql = f"SELECT avg(({condition})::INTEGER) FROM person".replace("TODAY", "DATE '2026-01-01'")
        (found,) = ask.execute(sql).fetchone() or (0.0,)
        assert found == pytest.approx(share, abs=tolerance)

    def test_does_not_know_everything(self, ask: duckdb.DuckDBPyConnection):
        sql = "SELECT avg((education IS NULL)::INTEGER), avg((person_key IS NULL)::INTEGER) FROM person"
        unknown, keyless = ask.execute(sql).fetchone() or (0.0, 1.0)
        assert unknown > 0.03
        assert keyless == 0


class TestCompany:
    def test_has_figures_that_agree(self, companies: pa.Table):
        with duckdb.connect() as lake:
            lake.register("company", companies)
            wrong = lake.execute(
                "SELECT count(*) FROM company WHERE insured_employees > employees OR employees < 1 OR "
                "rd_spending_cents > revenue_cents OR (specialised_new AND NOT high_tech_certified) OR "
                "(sole_trader AND high_tech_certified)"
            ).fetchone()
            kinds = lake.execute("SELECT count(DISTINCT industry), count(DISTINCT status) FROM company").fetchone()
        assert wrong == (0,)
        assert kinds == (24, 3)
