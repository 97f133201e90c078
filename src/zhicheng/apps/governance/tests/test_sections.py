"""What a pack may say of indicators, and what is refused with file and line."""

import json
from pathlib import Path
from shutil import copytree

import pytest

from zhicheng.apps.appeals.tests.town import TINYTOWN
from zhicheng.core.packs.public import check_pack

PERSON = """
  - code: person
    label: 居民
    source: 人口库
    sql: SELECT * FROM person
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    copytree(TINYTOWN, tmp_path / "pack")
    return tmp_path / "pack"


def faults(pack: Path) -> list[tuple[str, str]]:
    return [(fault.file, fault.code) for fault in check_pack(pack) if fault.file.startswith("indicators")]


def change(pack: Path, name: str, before: str, after: str) -> None:
    path = pack / "indicators" / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


class TestCheck:
    def test_finds_nothing_wrong_with_the_town(self, pack: Path):
        assert faults(pack) == []

    @pytest.mark.parametrize(
        "value",
        [
            "count(nobody)",
            "count(*) FILTER (WHERE opened_at < current_date)",
            "opened_at",
            "count(*) FILTER (WHERE urgent = 3 + 'x')",
            "sum(read_text('/etc/passwd'))",
            "(SELECT count(*) FROM person)",
            "count(*) FROM person --",
            "count(*); DROP TABLE person",
            "count(",
        ],
    )
    def test_refuses_a_value_that_the_lake_could_not_compute(self, pack: Path, value: str):
        change(pack, "town.yaml", "value: count(*)", f"value: {value!r}")
        assert faults(pack) == [("indicators/town.yaml", "indicators.sql")]

    @pytest.mark.parametrize(
        "sql",
        [
            "SELECT * FROM nobody_knows",
            "SELECT * FROM read_csv('/etc/passwd')",
            "DELETE FROM person",
            "SELECT * FROM main.person",
            "SELECT getenv('HOME') FROM person",
            "SELECT * FROM person WHERE a = $other",
        ],
    )
    def test_refuses_a_base_that_is_no_query_of_lake_tables(self, pack: Path, sql: str):
        change(pack, "bases.yaml", "sql: SELECT * FROM layer_building", f"sql: {json.dumps(sql)}")
        assert ("indicators/bases.yaml", "indicators.base_sql") in faults(pack)

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("SELECT * FROM \"case\" WHERE process = 'appeal'", 'SELECT case_id, opened_at FROM "case"'),
            ("key: case_id", "key: nobody_knows"),
            ("community: community}", "community: nobody_knows}"),
        ],
    )
    def test_refuses_a_base_whose_rows_nobody_could_follow_or_list(self, pack: Path, before: str, after: str):
        change(pack, "bases.yaml", before, after)
        assert ("indicators/bases.yaml", "indicators.base_sql") in faults(pack)

    def test_refuses_to_list_people(self, pack: Path):
        change(pack, "bases.yaml", "bases:", f"bases:{PERSON}    key: person_key\n    shows: {{birth_date: 生日}}\n")
        assert faults(pack) == [("indicators/bases.yaml", "indicators.personal")]

    def test_counts_people_without_listing_them(self, pack: Path):
        change(pack, "bases.yaml", "bases:", f"bases:{PERSON}")
        assert faults(pack) == []

    def test_knows_owners_levels_and_bases(self, pack: Path):
        change(pack, "town.yaml", "owner: urban_management", "owner: nobody")
        change(pack, "town.yaml", "base: building", "base: castle")
        change(pack, "town.yaml", "watch: [city, community]", "watch: [city, street]")
        assert {code for _, code in faults(pack)} == {"indicators.owner", "indicators.base"}

    def test_lets_no_code_stand_twice(self, pack: Path):
        change(pack, "town.yaml", "code: appeal.urgent_share", "code: appeal.urgent")
        assert faults(pack) == [("indicators/town.yaml", "indicators.duplicate")]
