import argparse

import pytest

from zhicheng.apps.licences.crypto import ED25519, SM2, issuer_keys
from zhicheng.config.cli.keys import run_licences, run_personal
from zhicheng.core.ledger.public import list_entries
from zhicheng.core.parties.crypto import key_id_of, keyring
from zhicheng.core.parties.models import Party
from zhicheng.core.parties.public import create_party, list_masked_parties
from zhicheng.core.parties.values import PersonalFields
from zhicheng.kit import clock
from zhicheng.web.signin.tests.conftest import _own_folders  # noqa: F401  # a fixture, used by being here


def actions() -> set[str]:
    return {found.entry.action for found in list_entries(subject="", limit=20).entries}


class TestRotatePersonal:
    def test_reseals_everything_under_a_new_key(self, capsys):
        party = create_party(PersonalFields(name="张三", phone="13800138000"), now=clock.now())
        old = keyring().current().id
        assert run_personal(argparse.Namespace()) == 0
        assert key_id_of(bytes(Party.objects.get(id=party).name_sealed)) == keyring().current().id != old
        assert list_masked_parties([party])[party].phone == "138****8000"
        assert "全部重新加密完毕" in capsys.readouterr().out
        assert "personal_key.rotation_started" in actions()


class TestRotateLicences:
    @pytest.mark.parametrize("suite", [ED25519, SM2])
    def test_signs_with_a_new_key_and_keeps_the_old_one(self, suite):
        old = issuer_keys().current(suite).id
        assert run_licences(argparse.Namespace(suite=suite)) == 0
        assert issuer_keys().current(suite).id != old
        assert "licence.key_rotated" in actions()
