from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from zhicheng.core.ledger.public import list_entries
from zhicheng.core.parties.errors import NotPermitted, PartyNotFound, PersonalDataUnreadable, PurposeMissing
from zhicheng.core.parties.models import Party
from zhicheng.core.parties.public import (
    amend_party,
    create_party,
    draft_party,
    erase_party,
    find_parties_by_id_number,
    find_parties_by_phone,
    find_parties_by_tail,
    get_masked_party,
    list_masked_parties,
    list_missing_keys,
    party_part,
    reveal,
)
from zhicheng.core.parties.tests.conftest import NOW, SYSTEM, actor, hire
from zhicheng.core.parties.values import Actor, ActorKind, PersonalFields
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.sqltext import Part, compose

ZHANG = PersonalFields(
    name="张三",
    phone="138 1234 1234",
    id_number="11010519491231002x",
    email="Zhang.San@Example.com",
    address="深圳市福田区福中路 1 号 2 栋 301",
)


@pytest.mark.django_db
class TestCreateParty:
    def test_stores_nothing_readable(self):
        create_party(ZHANG, now=NOW)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT convert_from(decode(encode(row(p.*)::text::bytea, 'hex'), 'hex'), 'UTF8') FROM parties_party p"
            )
            text = cursor.fetchone()[0]
        for secret in ("张三", "13812341234", "11010519491231002X", "zhang.san", "福中路"):
            assert secret not in text
            assert secret.encode().hex() not in text

    def test_shows_itself_masked(self):
        party = get_masked_party(create_party(ZHANG, now=NOW))
        assert (party.name, party.phone) == ("张*", "138****1234")
        assert party.id_number == "110***********002X"
        assert party.email == "z***@example.com"
        assert party.address == "深圳市福田区****"

    def test_shows_a_companys_name_and_code(self):
        fields = PersonalFields(
            name="深圳市腾讯计算机系统有限公司", id_number="9144030071526726XG", phone="0755-86013388"
        )
        party = get_masked_party(create_party(fields, kind="organisation", now=NOW))
        assert (party.name, party.id_number, party.phone) == (fields.name, fields.id_number, "0755-****3388")

    def test_reads_many_in_one_query(self, django_assert_num_queries):
        ids = [create_party(ZHANG, now=NOW + timedelta(seconds=n)) for n in range(5)]
        with django_assert_num_queries(1):
            assert set(list_masked_parties(ids)) == set(ids)

    def test_says_what_is_wrong_beside_each_field(self):
        with pytest.raises(FieldErrors) as caught:
            create_party(PersonalFields(phone="123", id_number="1", email="x", name="张" * 61), now=NOW)
        assert set(caught.value.fields) == {"phone", "id_number", "email", "name"}

    def test_is_found_by_hash_and_by_the_last_four(self):
        party_id = create_party(ZHANG, now=NOW)
        create_party(PersonalFields(phone="13900139000"), now=NOW)
        assert find_parties_by_phone("+86 13812341234") == [party_id]
        assert find_parties_by_id_number("11010519491231002X", now=NOW) == [party_id]
        assert find_parties_by_tail("phone", "1234") == [party_id]
        assert find_parties_by_tail("id_number", "002x") == [party_id]


@pytest.mark.django_db
class TestPartyPart:
    def test_inserts_only_behind_an_open_gate(self):
        for gate, stored in (("SELECT 1 WHERE false", 0), ("SELECT 1", 1)):
            draft = draft_party(ZHANG, now=NOW)
            sql, params = compose([Part("fresh", gate), party_part("p", draft, gate="fresh")], Part("", "SELECT 1"))
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
            assert Party.objects.filter(id=draft.id).count() == stored

    def test_binds_a_ciphertext_to_its_row(self):
        zhang, li = create_party(ZHANG, now=NOW), create_party(PersonalFields(name="李四"), now=NOW)
        stolen = Party.objects.get(id=zhang).name_sealed
        Party.objects.filter(id=li).update(name_sealed=stolen)
        with pytest.raises(PersonalDataUnreadable):
            get_masked_party(li)


@pytest.mark.django_db
class TestReveal:
    def test_needs_the_permission(self, city):
        wang = actor(hire("wang.leader", ("leader", "SZ")))
        with pytest.raises(NotPermitted):
            reveal(create_party(ZHANG, now=NOW), ["phone"], actor=wang, purpose="回访", now=NOW)

    def test_needs_a_purpose(self, city):
        chen = actor(hire("chen.wei", ("handler", "FT-HOUSING")))
        with pytest.raises(PurposeMissing):
            reveal(create_party(ZHANG, now=NOW), ["phone"], actor=chen, purpose="  ", now=NOW)

    def test_gives_the_asked_fields_and_writes_it_down(self, city):
        chen = actor(hire("chen.wei", ("handler", "FT-HOUSING")))
        party_id = create_party(ZHANG, now=NOW)
        assert reveal(party_id, ["phone"], actor=chen, purpose="联系诉求人", now=NOW) == {"phone": "13812341234"}
        entry = next(one for one in list_entries(limit=20).entries if one.entry.action == "party.revealed").entry
        assert (entry.actor, entry.subject, entry.reason) == (chen.ref, f"party:{party_id}", "联系诉求人")
        assert entry.data == {"fields": ["phone"]}

    def test_gives_everyone_their_own(self):
        party_id = create_party(ZHANG, now=NOW)
        zhang = Actor(ActorKind.RESIDENT, UUID(int=5), party_id)
        assert reveal(party_id, ["name"], actor=zhang, purpose="本人查看", now=NOW) == {"name": "张三"}


@pytest.mark.django_db
class TestAmendAndErase:
    def test_amending_keeps_what_is_not_given(self):
        party_id = create_party(ZHANG, now=NOW)
        amend_party(party_id, PersonalFields(phone="13900139000"), actor=SYSTEM, now=NOW)
        assert get_masked_party(party_id).name == "张*"
        assert find_parties_by_phone("13812341234") == []
        assert find_parties_by_phone("13900139000") == [party_id]

    def test_nobody_amends_somebody_else(self, city):
        with pytest.raises(NotPermitted):
            amend_party(create_party(ZHANG, now=NOW), ZHANG, actor=actor(hire("chen.wei", ("handler", "FT"))), now=NOW)

    def test_erasing_leaves_the_row_and_nothing_in_it(self):
        party_id = create_party(ZHANG, now=NOW)
        erase_party(party_id, actor=SYSTEM, reason="本人申请", now=NOW)
        party = get_masked_party(party_id)
        assert (party.name, party.phone) == ("", "")
        assert find_parties_by_phone("13812341234") == []
        with pytest.raises(PartyNotFound):
            erase_party(party_id, actor=SYSTEM, reason="再一次", now=NOW)


@pytest.mark.django_db
def test_missing_keys_are_named(settings, tmp_path):
    create_party(ZHANG, now=NOW)
    assert list_missing_keys() == []
    settings.KEYS_ROOT = tmp_path / "restored-without-keys"
    assert len(list_missing_keys()) == 1
