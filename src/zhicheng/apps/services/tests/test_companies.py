"""Applying for a company: who may, what the rules read, who sees it afterwards; and a company that is opened here."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.conf import settings

from zhicheng.apps.licences.errors import LicenceNotFound
from zhicheng.apps.licences.public import get_my_licence, list_my_licences
from zhicheng.apps.services.errors import ForPersonsOnly
from zhicheng.apps.services.operations import deciding
from zhicheng.apps.services.public import (
    decide_application,
    get_application,
    start_application,
    submit_application,
)
from zhicheng.apps.services.tests.town import ADULT, NOW, filled, official, register, resident
from zhicheng.apps.services.values import Applied, SubmitApplication
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import Purpose, act, get_case, get_row, list_cases
from zhicheng.core.cases.values import ActCommand, CaseFilter
from zhicheng.core.forms.errors import DraftNotFound, SourceFailed
from zhicheng.core.forms.public import (
    list_drafts,
    list_offered_sources,
    owner_of,
    prefill_sources,
    save_draft,
)
from zhicheng.core.forms.values import Owner, SaveDraft
from zhicheng.core.lake.public import Target, arrow_schema, company_key, get_entity, write_table
from zhicheng.core.parties.errors import OutsideMandate
from zhicheng.core.parties.public import (
    RegisteredCompany,
    authorise_agent,
    end_membership,
    get_masked_party,
    keyring,
    list_memberships,
    refresh_companies,
    take_up_membership,
    with_mandate,
    write_demo_companies,
)
from zhicheng.core.parties.values import Actor
from zhicheng.core.parties.values.members import NewAgent

pytestmark = pytest.mark.django_db
SHOP = RegisteredCompany("91440300MA5DEMA1XR", "榕荫软件有限公司")
LI, LI_PHONE = "110101198506152399", "13800138001"


def acting(actor: Actor, now: Any = NOW) -> Actor:
    """For the only company that the actor may act for."""
    (membership,) = list_memberships(actor, now=now)
    take_up_membership(membership.id, actor=actor, now=now)
    return with_mandate(actor, membership.id, now=now)


@pytest.fixture
def fang(town: None) -> Actor:
    """王小芳, who represents the company."""
    write_demo_companies([(SHOP, ADULT)])
    actor = resident(account=True)
    refresh_companies(actor=actor, now=NOW)
    return actor


@pytest.fixture
def li(town: None) -> Actor:
    return resident("李慧", LI, phone=LI_PHONE, account=True)


def authorise(fang: Actor, *scopes: str) -> None:
    agent = NewAgent(LI_PHONE, "李慧", frozenset(scopes), NOW + timedelta(days=30))
    authorise_agent(agent, actor=acting(fang), now=NOW)


def settle(**facts: Any) -> None:
    """What the register of companies says of the shop."""
    table = get_entity("company")
    row = {"company_key": company_key(SHOP.uscc), "status": "active", "employees": 12, **facts}
    batch = pa.RecordBatch.from_pylist([row], schema=arrow_schema(table))
    write_table(Target("company", arrow_schema(table), table.key), [batch], actor="system:test", now=NOW)


def apply(company: Actor, **changed: Any) -> Applied:
    owner = owner_of(company)
    draft = start_application("item", "fair.booth", owner=owner, now=NOW)
    values = {"company_name": SHOP.name, "company_uscc": SHOP.uscc, "goods": "软件", **changed}
    saved = save_draft(SaveDraft(draft.id, draft.version, values), owner=owner, now=NOW)
    return submit_application(SubmitApplication(saved.id, saved.version, owner), actor=company, now=NOW)


class TestApplyingForACompany:
    def test_concerns_the_company_and_is_decided_by_its_facts(self, fang):
        settle()
        company = acting(fang)
        applied = apply(company)
        assert get_row(applied.case_id).requester == company.party_id
        assert decide_application(applied.case_id, NOW) == "yes"
        decision = get_application(applied.case_id).decision
        assert decision is not None
        assert {fact.code: fact.value for fact in decision.facts}["employees"] == 12
        assert all("法人基础库" in fact.source for fact in decision.facts)

    def test_is_refused_by_its_facts(self, fang):
        settle(employees=80)
        assert decide_application(apply(acting(fang)).case_id, NOW) == "no"

    @pytest.mark.parametrize("changed", [{"company_name": "别家公司"}, {"company_uscc": "91440300MA5DEMB2YK"}])
    def test_of_another_name_goes_to_a_person(self, fang, changed):
        settle()
        assert decide_application(apply(acting(fang), **changed).case_id, NOW) == "review"

    def test_is_filled_in_from_the_company_register(self, fang):
        settle()
        company = acting(fang)
        owner = owner_of(company)
        draft = start_application("item", "fair.booth", owner=owner, now=NOW)
        assert [each.code for each in list_offered_sources(draft, company.party_id)] == ["company"]
        assert list_offered_sources(draft, fang.party_id) == []
        source, asked = prefill_sources["company"], ("name", "uscc", "employees")
        found = source.fetch(company.party_id, asked, NOW, 1.0)
        assert found == {"name": SHOP.name, "uscc": SHOP.uscc, "employees": 12}
        with pytest.raises(SourceFailed):
            source.fetch(fang.party_id, asked, NOW, 1.0)

    def test_is_not_for_what_a_person_applies_for(self, fang):
        company = acting(fang)
        draft = filled(company)
        command = SubmitApplication(draft.id, draft.version, Owner(party=company.party_id))
        with pytest.raises(ForPersonsOnly):
            submit_application(command, actor=company, now=NOW)


class TestMembers:
    def test_see_the_companys_cases_and_drafts_and_others_do_not(self, fang, li):
        settle()
        authorise(fang, "services")
        applied = apply(acting(fang))
        start_application("item", "fair.booth", owner=owner_of(acting(fang)), now=NOW)
        assert get_case(acting(li), applied.number, Purpose.OWN).row.id == applied.case_id
        assert len(list_drafts(owner_of(acting(li)), now=NOW)) == 1
        for stranger in (fang, li, resident("陈洁", "110101194309163429")):
            with pytest.raises(CaseNotFound):
                get_case(stranger, applied.number, Purpose.OWN)
            assert list_drafts(owner_of(stranger), now=NOW) == []

    def test_see_nothing_more_once_revoked(self, fang, li):
        settle()
        authorise(fang, "services")
        agent = acting(li)
        applied = apply(agent)
        end_membership(agent.mandate.id, actor=acting(fang), now=NOW)
        now_li = with_mandate(li, agent.mandate.id, now=NOW)
        assert now_li == li
        with pytest.raises(CaseNotFound):  # not even what they applied for themselves
            get_case(now_li, applied.number)
        with pytest.raises(CaseNotFound):
            act(ActCommand(applied.case_id, "withdraw", {"reason": "不办了"}), now_li, NOW)
        assert list_cases(now_li, CaseFilter(), purpose=Purpose.ANY).rows == []
        assert get_case(acting(fang), applied.number, Purpose.OWN).row.id == applied.case_id

    def test_keep_to_their_scopes(self, fang, li):
        settle()
        applied = apply(acting(fang))
        authorise(fang, "licences")
        agent = acting(li)
        with pytest.raises(CaseNotFound):
            get_case(agent, applied.number, Purpose.OWN)
        with pytest.raises(DraftNotFound):
            start_application("item", "fair.booth", owner=owner_of(agent), now=NOW)
        draft = start_application("item", "fair.booth", owner=owner_of(acting(fang)), now=NOW)
        command = SubmitApplication(draft.id, draft.version, Owner(party=agent.party_id))
        with pytest.raises(OutsideMandate):
            submit_application(command, actor=agent, now=NOW)


class TestOpeningACompany:
    """A new company belongs to whom its licence names."""

    @pytest.fixture
    def opened(self, town: None, monkeypatch: pytest.MonkeyPatch) -> Any:
        """Applies for a new company, approved by rule."""
        known = register(birth_date=date(1990, 3, 7))
        monkeypatch.setattr(deciding, "register_facts", lambda _party: known)
        return self.open

    def open(self, applicant: Actor, name: str = "王小芳", number: str = ADULT) -> Applied:
        owner = owner_of(applicant)
        draft = start_application("item", "company.register", owner=owner, now=NOW)
        values = {
            "applicant_name": "王小芳",
            "applicant_id_number": ADULT,
            "company_name": "云溪豆花有限公司",
            "representative_name": name,
            "representative_id_number": number,
        }
        saved = save_draft(SaveDraft(draft.id, draft.version, values), owner=owner, now=NOW)
        return submit_application(SubmitApplication(saved.id, saved.version, owner), actor=applicant, now=NOW)

    def test_makes_the_representative_its_member_and_gives_it_the_licence(self, opened):
        fang = resident(account=True)
        applied = opened(fang)
        assert decide_application(applied.case_id, NOW) == "yes"
        company = acting(fang)
        assert company.mandate.company_name == "云溪豆花有限公司"
        (licence,) = list_my_licences(company, now=NOW).licences
        uscc = next(field.value for field in licence.fields if field.code == "uscc")
        assert get_masked_party(company.party_id).id_number == uscc
        assert list_my_licences(fang, now=NOW).licences == ()
        with pytest.raises(LicenceNotFound):
            get_my_licence(fang, licence.number, now=NOW)

    def test_by_an_officer_does_the_same(self, opened, monkeypatch):
        monkeypatch.setattr(deciding, "register_facts", lambda _party: {})
        fang = resident(account=True)
        applied = opened(fang)
        assert decide_application(applied.case_id, NOW) == "review"
        act(ActCommand(applied.case_id, "approve", {}), official("YX-WORKS", "cases.handle"), NOW)
        assert acting(fang).mandate.company_name == "云溪豆花有限公司"

    def test_for_somebody_else_makes_them_the_member(self, opened):
        fang, li = resident(account=True), resident("李慧", LI, phone=LI_PHONE, account=True)
        decide_application(opened(fang, "李慧", LI).case_id, NOW)
        assert list_memberships(fang, now=NOW) == []
        assert len(list_my_licences(acting(li), now=NOW).licences) == 1

    @pytest.mark.parametrize(("name", "number"), [("李慧", LI), ("王大芳", ADULT)])
    def test_for_nobody_proven_leaves_the_licence_with_the_applicant(self, opened, name, number):
        fang = resident(account=True)
        assert decide_application(opened(fang, name, number).case_id, NOW) == "yes"
        assert list_memberships(fang, now=NOW) == []
        assert len(list_my_licences(fang, now=NOW).licences) == 1


class TestSettings:
    def test_keep_the_register_out_of_reach(self, fang):
        path = Path(settings.HOME) / "demo" / "company-register.json"
        assert ADULT not in path.read_text()
        assert path.stat().st_mode & 0o077 == 0
        assert keyring().digest("company_representative", ADULT).hex() in path.read_text()
