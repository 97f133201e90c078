"""Where parties are reached, asked at the moment of sending."""

from uuid import UUID

import pytest

from zhicheng.core.notices.contrib.people.resolver import resolve_party
from zhicheng.core.notices.tests.conftest import NOW
from zhicheng.core.notices.values import Channel
from zhicheng.core.parties.public import create_party, erase_party
from zhicheng.core.parties.values import PersonalFields, system_actor
from zhicheng.kit.ids import uuid7


@pytest.fixture
def chen_jie(db, settings, tmp_path):
    settings.KEYS_ROOT = tmp_path / "keys"
    party = create_party(PersonalFields(name="陈洁", phone="13800138000"), now=NOW)
    return f"party:{party}"


class TestResolveParty:
    def test_finds_the_telephone_number(self, chen_jie):
        assert resolve_party(chen_jie, Channel.SMS) == "13800138000"

    def test_finds_nothing_where_nothing_was_given(self, chen_jie):
        assert resolve_party(chen_jie, Channel.EMAIL) is None

    def test_finds_nothing_of_an_erased_party(self, chen_jie):
        erase_party(
            UUID(chen_jie.removeprefix("party:")), actor=system_actor("retention"), reason="本人申请删除", now=NOW
        )
        assert resolve_party(chen_jie, Channel.SMS) is None

    def test_knows_nothing_of_others(self, db):
        assert resolve_party(f"party:{uuid7(NOW)}", Channel.SMS) is None
        assert resolve_party("unit:FT-HOUSING", Channel.SMS) is None
