from datetime import timedelta

import pytest

from zhicheng.core.parties import crypto
from zhicheng.core.parties.crypto import key_id_of, keyring
from zhicheng.core.parties.errors import NotPermitted, PersonalDataUnreadable
from zhicheng.core.parties.models import Account, Party
from zhicheng.core.parties.public import (
    create_party,
    find_parties_by_phone,
    list_masked_parties,
    present_totp,
    rotate_personal_keys,
    start_key_rotation,
)
from zhicheng.core.parties.tests.conftest import NOW, SYSTEM, actor, hire
from zhicheng.core.parties.values import PersonalFields
from zhicheng.kit import clock


@pytest.mark.django_db
class TestRotatePersonalKeys:
    def test_does_nothing_without_a_new_key(self):
        create_party(PersonalFields(name="张三"), now=NOW)
        assert rotate_personal_keys(now=NOW).remaining == 0

    def test_reseals_in_batches_and_everything_stays_readable(self, city):
        ids = [create_party(PersonalFields(name="张三", phone=f"1380013800{n}"), now=NOW) for n in range(5)]
        hire("chen.wei", demo=True)
        before = present_totp("chen.wei", now=NOW)
        old = keyring().current().id
        new = start_key_rotation(actor=SYSTEM, now=NOW)
        assert [rotate_personal_keys(now=NOW, batch=2).remaining for _ in range(3)] == [3, 1, 0]
        assert {party.phone for party in list_masked_parties(ids).values()} == {"138****" + f"800{n}" for n in range(5)}
        assert find_parties_by_phone("13800138003") == [ids[3]]
        assert {key_id_of(bytes(party.name_sealed)) for party in Party.objects.all()} == {new} != {old}
        assert present_totp("chen.wei", now=NOW) == before
        assert Account.objects.get().totp_key_id == new

    def test_keeps_the_old_key_until_the_new_one_is_old_enough(self):
        create_party(PersonalFields(name="张三"), now=NOW)
        old = keyring().current().id
        start_key_rotation(actor=SYSTEM, now=NOW)
        assert rotate_personal_keys(now=clock.now()).retired == ()
        assert old in keyring().ids()
        assert rotate_personal_keys(now=clock.now() + timedelta(hours=1)).retired == (old,)
        assert old not in keyring().ids()

    def test_keeps_the_old_key_while_a_row_needs_it(self):
        for n in range(3):
            create_party(PersonalFields(name=f"张{n}"), now=NOW)
        start_key_rotation(actor=SYSTEM, now=NOW)
        assert rotate_personal_keys(now=clock.now() + timedelta(hours=1), batch=2).retired == ()

    def test_changes_nothing_when_an_old_key_is_missing(self):
        party_id = create_party(PersonalFields(name="张三"), now=NOW)
        old = keyring().current()
        start_key_rotation(actor=SYSTEM, now=NOW)
        old.path.rename(old.path.with_name("lost"))
        crypto._keyring.cache_clear()  # as after a restart
        with pytest.raises(PersonalDataUnreadable):
            rotate_personal_keys(now=NOW)
        assert Party.objects.get(id=party_id).key_id == old.id

    def test_is_started_by_the_security_administrator_only(self, city):
        with pytest.raises(NotPermitted):
            start_key_rotation(actor=actor(hire("sun.admin", ("system_admin", "SZ"))), now=NOW)
        assert start_key_rotation(actor=actor(hire("qian.security", ("security_admin", "SZ"))), now=NOW)
