import argparse

import pytest
from django.db import connection

from zhicheng.config.cli.keys import SUITES, run_licences, run_personal
from zhicheng.core.ledger.public import list_entries
from zhicheng.core.parties.public import create_party, list_masked_parties
from zhicheng.core.parties.values import PersonalFields
from zhicheng.kit import clock
from zhicheng.web.signin.tests.conftest import _own_folders  # noqa: F401  # a fixture, used by being here


def actions() -> list[str]:
    return [found.entry.action for found in list_entries(subject="", limit=20).entries]


def keys_in_use() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT key_id FROM parties_party")
        return {row[0] for row in cursor.fetchall()}


class TestRotatePersonal:
    def test_reseals_everything_under_a_new_key(self, capsys):
        party = create_party(PersonalFields(name="张三", phone="13800138000"), now=clock.now())
        before = keys_in_use()
        assert run_personal(argparse.Namespace()) == 0
        assert len(keys_in_use()) == 1
        assert not keys_in_use() & before
        assert list_masked_parties([party])[party].phone == "138****8000"
        assert "全部重新加密完毕" in capsys.readouterr().out
        assert "personal_key.rotation_started" in actions()


class TestRotateLicences:
    @pytest.mark.parametrize("suite", SUITES)
    def test_signs_with_a_new_key_each_time(self, suite, capsys):
        said = []
        for _ in range(2):
            assert run_licences(argparse.Namespace(suite=suite)) == 0
            said.append(capsys.readouterr().out)
        assert said[0] != said[1]
        assert actions().count("licence.key_rotated") == 2
