"""Issuing: what is signed, sealed and recorded, and that one cause gives one licence."""

from datetime import date

import pytest
from django.db import connection

from zhicheng.apps.licences.crypto import issuer_keys
from zhicheng.apps.licences.errors import LicenceIncomplete, LicenceNotFound, LicenceTypeUnknown
from zhicheng.apps.licences.operations.places import spread
from zhicheng.apps.licences.public import (
    get_my_licence,
    licence_credential,
    licence_parts,
    list_my_licences,
    prepare_licence,
)
from zhicheng.apps.licences.tests.town import (
    ID_NUMBER,
    NOW,
    RESIDENCE,
    SYSTEM,
    WATER,
    Entry,
    Row,
    issue,
    order,
    resident,
)
from zhicheng.apps.licences.values import LicenceState
from zhicheng.core.ledger.public import entry_part, event_part
from zhicheng.engines.credentials.integrity import check_proof
from zhicheng.engines.credentials.statuslist import ENTRIES
from zhicheng.kit.ids import is_case_number
from zhicheng.kit.sqltext import Part, compose

pytestmark = pytest.mark.usefixtures("town")


class TestIssueLicence:
    def test_gives_the_holder_every_field_and_a_term(self):
        wang = resident()
        issued = issue(wang)
        assert is_case_number(issued.number)
        assert issued.state is LicenceState.VALID
        assert (issued.valid_from, issued.valid_until) == (date(2026, 3, 2), date(2027, 3, 1))
        assert {shown.code: shown.value for shown in issued.fields} == RESIDENCE
        assert issued.issuer == "云溪镇人民政府"
        assert get_my_licence(wang, issued.number, now=NOW) == issued

    def test_signs_a_credential_that_reveals_only_the_fields(self):
        wang = resident()
        issued = issue(wang)
        document = licence_credential(wang, issued.number)
        check_proof(document, issuer_keys().current().public)
        subject = document["credentialSubject"]
        assert set(subject) == {"licence"}
        assert subject["licence"]["fields"] == RESIDENCE
        assert str(wang.party_id) not in str(document)

    def test_keeps_nothing_readable_in_the_database(self):
        issued = issue(resident())
        with connection.cursor() as cursor:
            cursor.execute("SELECT l::text FROM licences_licence l")
            stored = cursor.fetchone()[0]
        row = Row.objects.get()
        for envelope in (bytes(row.fields_sealed), bytes(row.credential_sealed)):
            assert ID_NUMBER.encode() not in envelope
            assert "王小芳".encode() not in envelope
        assert issued.number in stored
        assert ID_NUMBER not in stored
        assert "王" not in stored

    def test_gives_one_licence_for_a_cause_however_often_it_is_asked(self):
        wang = resident()
        first = issue(wang, source="case:1")
        assert issue(wang, source="case:1") == first
        assert Row.objects.count() == 1
        assert Entry.objects.filter(action="licence.issued").count() == 1

    def test_records_references_and_no_personal_data(self):
        issue(resident())
        entry = Entry.objects.get(action="licence.issued")
        assert "王" not in str(entry.data)
        assert ID_NUMBER not in str(entry.data)

    def test_ends_the_licence_that_it_replaces(self):
        wang = resident()
        old = issue(wang)
        newer = issue(wang, replaces=old.number)
        shown = get_my_licence(wang, old.number, now=NOW)
        assert (shown.state, shown.replaced_by) == (LicenceState.REPLACED, newer.number)

    def test_replaces_nobody_elses_licence(self):
        wang, li = resident(), resident("李强", "13800138001")
        other = issue(li)
        issue(wang, replaces=other.number)
        assert get_my_licence(li, other.number, now=NOW).state is LicenceState.VALID

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"holder": "王小芳"}, "公民身份号码"),
            ({**RESIDENCE, "holder": " \u200b"}, "姓名"),
            ({**RESIDENCE, "salary": "1"}, "salary"),
            ({**RESIDENCE, "remark": "好" * 301}, "太长"),
        ],
    )
    def test_refuses_fields_that_are_not_those_of_the_type(self, fields, said):
        with pytest.raises(LicenceIncomplete, match=said):
            issue(resident(), fields=fields)

    def test_refuses_a_type_that_the_town_does_not_issue(self):
        with pytest.raises(LicenceTypeUnknown):
            issue(resident(), "pilot_licence")

    def test_signs_with_sm2_where_the_pack_says_so(self):
        wang = resident()
        issued = issue(wang, "water_connection", fields=WATER)
        document = licence_credential(wang, issued.number)
        assert document["proof"]["cryptosuite"] == "sm2-jcs"
        check_proof(document, issuer_keys().current("sm2").public)
        assert issued.valid_until is None


class TestLicenceParts:
    def test_store_licences_within_another_statement(self):
        wang = resident()
        drafts = [prepare_licence(order(wang), actor=SYSTEM, now=NOW) for _ in range(2)]
        parts = [
            Part("fresh", "SELECT 1"),
            *licence_parts(drafts, gate="fresh"),
            entry_part("entries", [draft.entry for draft in drafts], "licences"),
            event_part("events", [draft.event for draft in drafts], "licences"),
        ]
        run(*compose(parts, Part("", "SELECT 1")))
        assert len(list_my_licences(wang, now=NOW).licences) == 2

    def test_store_nothing_where_the_gate_is_closed(self):
        draft = prepare_licence(order(resident()), actor=SYSTEM, now=NOW)
        run(
            *compose(
                [Part("fresh", "SELECT 1 WHERE false"), *licence_parts([draft], gate="fresh")], Part("", "SELECT 1")
            )
        )
        assert not Row.objects.exists()


class TestListMyLicences:
    def test_goes_page_by_page_newest_first(self):
        wang = resident()
        numbers = [issue(wang).number for _ in range(5)]
        first = list_my_licences(wang, now=NOW, limit=3)
        rest = list_my_licences(wang, now=NOW, after=first.after, limit=3)
        assert [each.number for each in (*first.licences, *rest.licences)] == sorted(
            numbers, key=lambda number: Row.objects.get(number=number).id, reverse=True
        )
        assert rest.after is None

    def test_shows_nobody_what_belongs_to_another(self):
        wang, li = resident(), resident("李强", "13800138001")
        issued = issue(wang)
        assert not list_my_licences(li, now=NOW).licences
        with pytest.raises(LicenceNotFound):
            get_my_licence(li, issued.number, now=NOW)
        with pytest.raises(LicenceNotFound):
            licence_credential(li, issued.number)

    def test_asks_the_database_the_same_however_many_there_are(self, django_assert_num_queries):
        wang = resident()
        for _ in range(4):
            issue(wang)
        with django_assert_num_queries(1):
            list_my_licences(wang, now=NOW)


class TestSpread:
    def test_gives_each_licence_its_own_place_and_neighbours_distant_ones(self):
        assert {spread(n) for n in range(ENTRIES)} == set(range(ENTRIES))
        assert abs(spread(0) - spread(1)) > 1_000
        assert spread(ENTRIES + 5) == ENTRIES + spread(5)


def run(sql: str, params: tuple) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
