"""Asking: by whom, for what, to whom; what is missing is said all at once."""

import pytest

from zhicheng.apps.appeals.tests.town import NOW, TOWN, WATER, WORKS, Party, do, later, person
from zhicheng.apps.disclosure.errors import DisclosureNotOffered
from zhicheng.apps.disclosure.public import find_units, get_request
from zhicheng.apps.disclosure.queries import terms
from zhicheng.apps.disclosure.tests.requests import FIELDS, asked, clock, signed_in, state, working_days
from zhicheng.apps.disclosure.values import DisclosureDraft
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import fire_due_clocks, get_case, get_case_by_secret
from zhicheng.core.ledger.public import idempotency_key
from zhicheng.engines.statetable.transition import ActionRefused
from zhicheng.kit.errors import FieldErrors

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("town")
class TestSubmitRequest:
    def test_stores_the_request_and_seals_the_applicant(self):
        done = asked()
        info = get_request(done.case_id)
        party = Party.objects.get(pk=info.party)
        assert (done.unit, done.chosen, info.title) == (WORKS, True, FIELDS["title"])
        assert party.kind == "person"
        assert party.id_number_sealed is not None
        assert FIELDS["id_number"].encode() not in bytes(party.id_number_sealed)

    def test_gives_a_number_and_a_code_that_open_it(self):
        done = asked()
        assert get_case_by_secret(done.number, done.follow_code).row.id == done.case_id

    def test_asks_an_organisation_for_its_credit_code(self):
        done = asked(applicant="company", name="东桥建材有限公司", id_number="91350100M000100Y43")
        assert Party.objects.get(pk=get_request(done.case_id).party).kind == "organisation"

    def test_goes_to_the_fallback_unit_when_nobody_is_named(self):
        assert asked(unit="").unit == TOWN

    def test_needs_no_verified_telephone_of_who_is_signed_in(self):
        actor = signed_in()
        done = asked(actor, phone="", phone_verified=False)
        assert get_case(actor, done.case_id).row.requester == actor.party_id

    def test_is_done_once_for_a_key(self):
        key = idempotency_key("test", "once", {"a": "b"})
        first, second = asked(key=key), asked(key=key)
        assert first.case_id == second.case_id
        assert second.replayed

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"title": ""}, "title"),
            ({"title": "长" * 121}, "title"),
            ({"description": "合同"}, "description"),
            ({"description": "长" * 3001}, "description"),
            ({"name": ""}, "name"),
            ({"id_number": ""}, "id_number"),
            ({"id_number": "110101199003072990"}, "id_number"),
            ({"applicant": "company"}, "id_number"),
            ({"applicant": "robot"}, "applicant"),
            ({"phone": ""}, "phone"),
            ({"phone": "12"}, "phone"),
            ({"phone_verified": False}, "code"),
            ({"unit": "NOWHERE"}, "unit"),
            ({"unit": WATER}, "unit"),
            ({"delivery": "email"}, "email"),
            ({"delivery": "post"}, "address"),
            ({"supply": "fax"}, "supply"),
            ({"description": "合同\ufffd\ufffd全文，请公开给我"}, "description"),
        ],
    )
    def test_says_what_is_wrong_beside_the_field(self, wrong, field):
        with pytest.raises(FieldErrors) as refused:
            asked(**wrong)
        assert list(refused.value.fields) == [field]

    def test_says_everything_that_is_wrong_at_once(self):
        with pytest.raises(FieldErrors) as refused:
            asked(**dict.fromkeys(("title", "description", "name", "id_number", "phone"), ""))
        assert set(refused.value.fields) == {"title", "description", "name", "id_number", "phone"}

    def test_is_not_offered_where_the_pack_has_no_terms(self, monkeypatch):
        monkeypatch.setattr(terms, "_terms", lambda _release: None)
        with pytest.raises(DisclosureNotOffered):
            asked()


@pytest.mark.usefixtures("town")
class TestFindUnits:
    def test_finds_a_unit_that_the_text_names(self):
        found = find_units("云溪镇城镇管理服务中心 2025 年的合同")
        assert found[0].code == WORKS

    def test_finds_nobody_in_a_text_about_nothing(self):
        assert find_units("甲乙丙丁") == []


@pytest.mark.usefixtures("town")
class TestConfirming:
    def test_starts_twenty_working_days(self):
        done = asked()
        do(done.case_id, "confirm", "chen.wei", now=later(hours=1))
        assert clock(done.case_id, "answer").due_at == working_days(later(hours=1), 20)

    def test_is_done_by_the_system_when_the_unit_forgets(self):
        done = asked()
        after = working_days(NOW, 1)
        fire_due_clocks(after)
        assert state(done.case_id) == "handling"
        assert clock(done.case_id, "answer").started_at == after

    def test_comes_too_late_to_pass_on_a_request_to_a_named_unit(self):
        done = asked()
        with pytest.raises(ActionRefused, match="已经指定机关"):
            do(done.case_id, "transfer", "chen.wei", unit=TOWN, reason="不属于我们的职责")

    def test_lets_a_found_unit_pass_the_request_on(self):
        done = asked(unit="")
        do(done.case_id, "transfer", "liu.yang", unit=WORKS, reason="由城镇管理服务中心制作和保存")
        assert get_case(person("chen.wei"), done.case_id).row.unit == WORKS

    def test_passes_nothing_to_a_company(self):
        done = asked(unit="")
        with pytest.raises(FieldErrors):
            do(done.case_id, "transfer", "liu.yang", unit=WATER, reason="供水的事情归供水站")


@pytest.mark.usefixtures("town")
class TestSeeing:
    def test_is_for_the_unit_and_nobody_beside_it(self):
        done = asked()
        assert get_case(person("he.jing"), done.case_id).row.id == done.case_id
        with pytest.raises(CaseNotFound):
            get_case(person("li.na"), done.case_id)
        with pytest.raises(CaseNotFound):
            get_case(signed_in(), done.case_id)
        with pytest.raises(CaseNotFound):
            get_case(person("xu.hao"), done.case_id)

    def test_needs_the_right_code(self):
        with pytest.raises(CaseNotFound):
            get_case_by_secret(asked().number, "00000000")


def test_a_draft_has_a_phone_unverified_until_somebody_says_so():
    assert DisclosureDraft("标题", "描述").phone_verified is False
