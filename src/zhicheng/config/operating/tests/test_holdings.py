"""What doctor says about the lake and the keys."""

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from django.apps import apps

from zhicheng.apps.benefits.tests.fixtures import town, town_stands
from zhicheng.apps.benefits.tests.town import HUANG, NOW, key, settle
from zhicheng.apps.licences.tests.town import issue, resident
from zhicheng.config.operating.check import Check
from zhicheng.config.operating.holdings import examine_holdings
from zhicheng.core.lake.public import Copier, Target, write_table
from zhicheng.core.parties.public import create_party
from zhicheng.core.parties.values import PersonalFields

__all__ = ["town", "town_stands"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Path, settings) -> None:
    settings.KEYS_ROOT = tmp_path / "keys"


def found(name: str, *, after_days: int = 0) -> Check:
    return next(each for each in examine_holdings(NOW + timedelta(days=after_days)) if each.name == name)


class TestLake:
    def test_says_what_holds_nothing_yet(self) -> None:
        check = found("数据湖 person")
        assert (check.state, check.found) == ("warn", "还没有数据")
        assert "接入" in check.advice

    def test_is_content_with_a_fresh_register(self) -> None:
        settle({key(1): HUANG})
        assert found("数据湖 person", after_days=30) == Check("数据湖 person", "ok", "1 行，版本 0")

    def test_warns_of_an_old_one(self) -> None:
        settle({key(1): HUANG})
        assert found("数据湖 person", after_days=36).state == "warn"

    def test_finds_a_register_whose_files_are_gone(self, settings) -> None:
        settle({key(1): HUANG})
        for path in (Path(settings.HOME) / "lake" / "person").glob("*.parquet"):
            path.unlink()
        assert found("数据湖 person").state == "fail"

    def test_names_columns_that_the_pack_has_and_the_register_has_not(self) -> None:
        schema = pa.schema([("person_key", pa.string())])
        batch = pa.RecordBatch.from_pydict({"person_key": [key(1)]}, schema=schema)
        write_table(Target("person", schema, "person_key"), [batch], actor="system:test", now=NOW)
        check = found("数据湖 person")
        assert check.state == "fail"
        assert "birth_date" in check.found


class TestCopy:
    def test_is_not_spoken_of_where_none_is_wanted(self) -> None:
        assert [each.name for each in examine_holdings(NOW) if "副本" in each.name] == []

    def test_warns_where_nobody_carries(self, settings) -> None:
        settings.LAKE_S3 = "s3://city-lake/sz"
        settle({key(1): HUANG})
        check = found("湖的副本")
        assert (check.state, check.found) == ("warn", "湖的副本落后 1 个版本，最近一次成功 从未")
        assert "zhicheng worker" in check.advice

    def test_says_what_keeps_it(self, settings) -> None:
        settings.LAKE_S3, settings.LAKE_S3_KEY = "s3://city-lake/sz", ("", "", "")
        settle({key(1): HUANG})
        Copier().attempt(NOW)
        check = found("湖的副本")
        assert check.state == "fail"
        assert "AWS_ACCESS_KEY_ID" in check.advice


class TestKeys:
    def test_are_all_there_in_an_empty_town(self) -> None:
        assert [found("密文的密钥").state, found("证照签发密钥").state] == ["ok", "ok"]

    def test_are_missed_where_a_row_names_one_that_is_gone(self) -> None:
        party = create_party(PersonalFields(name="王小芳"), now=NOW)
        apps.get_model("parties", "Party").objects.filter(pk=party).update(key_id=99)
        check = found("密文的密钥")
        assert check.state == "fail"
        assert "[99]" in check.found

    def test_are_missed_where_a_licence_was_signed_by_one_that_is_gone(self, settings) -> None:
        issue(resident())
        assert found("证照签发密钥").state == "ok"
        for path in (Path(settings.KEYS_ROOT) / "licences").glob("ed25519-*.json"):
            path.unlink()
        check = found("证照签发密钥")
        assert check.state == "fail"
        assert "备份" in check.advice
