"""Who may act for a company: named by the register, authorised by the representative, ended at once."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from zhicheng.core.ledger.public import list_entries
from zhicheng.core.parties.errors import ConsentNotFound, MembershipNotFound, NotPermitted, OutsideMandate
from zhicheng.core.parties.models import Account, Membership
from zhicheng.core.parties.public import (
    RegisteredCompany,
    amend_party,
    as_person,
    authorise_agent,
    create_party,
    end_membership,
    get_identity,
    give_consent,
    keyring,
    list_members,
    list_memberships,
    prove_identity,
    record_proof,
    refresh_companies,
    release_identity,
    take_up_membership,
    with_mandate,
    withdraw_consent,
    write_demo_companies,
)
from zhicheng.core.parties.tests.conftest import NOW, SYSTEM
from zhicheng.core.parties.values import Actor, ActorKind, NewConsent, PersonalFields
from zhicheng.core.parties.values.identities import IdentityClaim
from zhicheng.core.parties.values.members import AGENT, REPRESENTATIVE, SCOPES, NewAgent
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.ids import uuid7

FANG, LI = ("王小芳", "110101199003078291", "13800138000"), ("李慧", "110101198506152399", "13800138001")
SHOP = RegisteredCompany("91440300MA5DEMA1XR", "榕荫软件有限公司")
YEAR = timedelta(days=365)


@pytest.fixture(autouse=True)
def _folder(db, settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    write_demo_companies([(SHOP, FANG[1])])


def resident(who: tuple[str, str, str], *, proven: bool = True) -> Actor:
    name, number, phone = who
    party = create_party(PersonalFields(name=name, id_number=number, phone=phone), now=NOW)
    login = f"phone:{keyring().digest('phone', phone).hex()}"
    account = uuid7(NOW)
    Account.objects.create(id=account, login=login, kind="resident", party_id=party, created_at=NOW)
    if proven:
        record_proof(party, "window", "window", actor=SYSTEM, now=NOW)
    return Actor(ActorKind.RESIDENT, account, party)


def acting(actor: Actor, days: int = 0) -> Actor:
    """The first company that the actor may act for, taken up."""
    at = NOW + timedelta(days=days)
    membership = list_memberships(actor, now=at)[0].id
    take_up_membership(membership, actor=actor, now=at)
    return with_mandate(actor, membership, now=at)


@pytest.fixture
def fang() -> Actor:
    """王小芳, whom the register names."""
    actor = resident(FANG)
    refresh_companies(actor=actor, now=NOW)
    return actor


@pytest.fixture
def li() -> Actor:
    return resident(LI)


def authorise(fang: Actor, *scopes: str, name: str = LI[0], phone: str = LI[2]) -> UUID:
    agent = NewAgent(phone, name, frozenset(scopes or SCOPES), NOW + YEAR)
    return authorise_agent(agent, actor=acting(fang), now=NOW)


class TestRefreshCompanies:
    def test_makes_the_named_representative_a_member_once(self, fang):
        refresh_companies(actor=fang, now=NOW)
        (membership,) = list_memberships(fang, now=NOW)
        assert (membership.company_name, membership.uscc, membership.role) == (SHOP.name, SHOP.uscc, REPRESENTATIVE)
        company = acting(fang)
        assert get_identity(company.party_id).level == "register"
        assert company.party_id != fang.party_id
        assert company.parties == {company.party_id}

    def test_names_nobody_else(self, fang, li):
        refresh_companies(actor=li, now=NOW)
        assert list_memberships(li, now=NOW) == []

    def test_asks_for_nobody_who_is_not_proven(self):
        actor = resident(FANG, proven=False)
        assert refresh_companies(actor=actor, now=NOW) is False
        assert Membership.objects.count() == 0

    def test_ends_what_the_register_no_longer_says(self, fang):
        company = acting(fang)
        write_demo_companies([(SHOP, LI[1])])
        refresh_companies(actor=fang, now=NOW)
        assert list_memberships(fang, now=NOW) == []
        assert with_mandate(fang, company.mandate.id, now=NOW) == fang

    def test_keeps_what_there_is_where_the_register_is_away(self, fang, tmp_path):
        (tmp_path / "demo" / "company-register.json").unlink()
        assert refresh_companies(actor=fang, now=NOW) is False
        assert len(list_memberships(fang, now=NOW)) == 1

    def test_moves_the_company_to_a_new_representative_under_its_new_name(self, fang, li):
        write_demo_companies([(RegisteredCompany(SHOP.uscc, "榕荫科技有限公司"), LI[1])])
        refresh_companies(actor=li, now=NOW)
        assert [each.company_name for each in list_memberships(li, now=NOW)] == ["榕荫科技有限公司"]
        assert list_memberships(fang, now=NOW) == []

    def test_leaves_out_companies_that_are_no_more(self):
        write_demo_companies([(RegisteredCompany(SHOP.uscc, SHOP.name, active=False), FANG[1])])
        actor = resident(FANG)
        refresh_companies(actor=actor, now=NOW)
        assert list_memberships(actor, now=NOW) == []


class TestAuthoriseAgent:
    def test_lets_whoever_has_number_and_name_take_it_up(self, fang, li):
        authorise(fang, "services")
        (offered,) = list_memberships(li, now=NOW)
        assert (offered.is_waiting, offered.role, offered.scopes) == (True, AGENT, {"services"})
        company = acting(li)
        assert company.party_id == acting(fang).party_id
        assert (company.may("services"), company.may("licences")) == (True, False)
        assert company.parties_for("licences") == frozenset()

    def test_waits_for_somebody_who_has_no_account_yet(self, fang):
        authorise(fang)
        li = resident(LI)
        assert acting(li).mandate is not None

    def test_is_for_nobody_of_another_name(self, fang, li):
        authorise(fang, name="李惠")
        membership = list_memberships(li, now=NOW)[0].id
        with pytest.raises(NotPermitted):
            take_up_membership(membership, actor=li, now=NOW)
        assert with_mandate(li, membership, now=NOW) == li

    def test_is_for_nobody_who_is_not_proven(self, fang):
        authorise(fang)
        li = resident(LI, proven=False)
        with pytest.raises(NotPermitted):
            acting(li)

    def test_is_the_representatives_alone(self, fang, li):
        authorise(fang)
        agent = NewAgent("13800138002", "陈洁", frozenset({"services"}), NOW + YEAR)
        for actor in (fang, li, acting(li)):
            with pytest.raises(NotPermitted):
                authorise_agent(agent, actor=actor, now=NOW)

    @pytest.mark.parametrize(
        ("agent", "field"),
        [
            (NewAgent("", "李慧", frozenset({"services"}), NOW + YEAR), "phone"),
            (NewAgent("123456", "李慧", frozenset({"services"}), NOW + YEAR), "phone"),
            (NewAgent(LI[2], " ", frozenset({"services"}), NOW + YEAR), "name"),
            (NewAgent(LI[2], "李慧", frozenset(), NOW + YEAR), "scopes"),
            (NewAgent(LI[2], "李慧", frozenset({"everything"}), NOW + YEAR), "scopes"),
            (NewAgent(LI[2], "李慧", frozenset({"services"}), NOW), "ends"),
            (NewAgent(LI[2], "李慧", frozenset({"services"}), NOW + 3 * YEAR), "ends"),
        ],
    )
    def test_says_what_is_wrong(self, fang, agent, field):
        with pytest.raises(FieldErrors) as refused:
            authorise_agent(agent, actor=acting(fang), now=NOW)
        assert field in refused.value.fields

    def test_shows_the_company_its_agents_masked(self, fang, li):
        authorise(fang)
        assert [(each.who, each.role) for each in list_members(acting(fang), now=NOW)] == [
            ("王**", REPRESENTATIVE),
            ("李* 138****8001", AGENT),
        ]
        assert list_members(acting(li), now=NOW) == []
        assert list_members(fang, now=NOW) == []

    def test_is_replaced_by_a_later_word(self, fang, li):
        authorise(fang)
        first = acting(li)
        authorise(fang, "policies")
        assert with_mandate(li, first.mandate.id, now=NOW) == li
        assert acting(li).mandate.scopes == {"policies"}
        assert len(list_memberships(li, now=NOW)) == 1

    def test_is_in_the_ledger_without_personal_data(self, fang, li):
        authorise(fang)
        company = acting(li)
        entries = [kept.entry for kept in list_entries(subject=f"party:{company.party_id}").entries]
        assert {entry.action for entry in entries} >= {"membership.given", "membership.taken_up", "identity.proven"}
        assert [word for word in (*LI, *FANG) if word in str(entries)] == []


class TestEndOfMembership:
    def test_by_the_representative_is_at_once(self, fang, li):
        company = acting(li) if authorise(fang) else None
        end_membership(company.mandate.id, actor=acting(fang), now=NOW)
        assert with_mandate(li, company.mandate.id, now=NOW) == li
        with pytest.raises(MembershipNotFound):
            take_up_membership(company.mandate.id, actor=li, now=NOW)

    def test_by_the_agent(self, fang, li):
        authorise(fang)
        company = acting(li)
        end_membership(company.mandate.id, actor=company, now=NOW)
        assert list_memberships(li, now=NOW) == []

    def test_by_nobody_else(self, fang, li):
        authorise(fang)
        company, other = acting(li), resident(("陈洁", "110101194309163429", "13800138002"))
        for actor in (other, Actor(ActorKind.OFFICIAL, uuid7(NOW)), fang):
            with pytest.raises(MembershipNotFound):
                end_membership(company.mandate.id, actor=actor, now=NOW)
        with pytest.raises(MembershipNotFound):  # nobody dismisses the legal representative here
            end_membership(acting(fang).mandate.id, actor=acting(fang), now=NOW)

    def test_comes_on_the_day_it_was_given_for(self, fang, li):
        authorise(fang)
        company = acting(li)
        assert with_mandate(li, company.mandate.id, now=NOW + YEAR - timedelta(seconds=1)).mandate is not None
        assert with_mandate(li, company.mandate.id, now=NOW + YEAR) == li

    def test_comes_with_the_end_of_the_proof(self, fang, li):
        authorise(fang)
        company = acting(li)
        release_identity(actor=li, now=NOW)
        assert with_mandate(li, company.mandate.id, now=NOW) == li

    def test_comes_when_nobody_represents_the_company(self, fang, li):
        authorise(fang)
        company = acting(li)
        write_demo_companies([])
        refresh_companies(actor=fang, now=NOW)
        assert with_mandate(li, company.mandate.id, now=NOW) == li


class TestActingForACompany:
    def test_is_not_being_it(self, fang, settings):
        company = acting(fang)
        with pytest.raises(NotPermitted):
            amend_party(company.party_id, PersonalFields(phone="13900139000"), actor=company, now=NOW)
        with pytest.raises(NotPermitted):
            prove_identity(IdentityClaim(*FANG[:2]), actor=company, address="here", now=NOW)
        with pytest.raises(NotPermitted):
            release_identity(actor=company, now=NOW)
        assert as_person(company).party_id == fang.party_id

    def test_of_somebody_else_is_refused(self, fang, li):
        mine = list_memberships(fang, now=NOW)[0].id
        assert with_mandate(li, mine, now=NOW) == li
        assert with_mandate(li, uuid7(NOW), now=NOW) == li

    def test_gives_the_companys_consent_not_ones_own(self, fang, li):
        authorise(fang, "services")
        consent = give_consent(NewConsent("company", "填写申请表"), actor=acting(li), now=NOW)
        with pytest.raises(ConsentNotFound):
            withdraw_consent(consent, actor=li, now=NOW)
        withdraw_consent(consent, actor=acting(fang), now=NOW)

    def test_keeps_to_the_scopes(self, fang, li):
        authorise(fang, "licences")
        with pytest.raises(OutsideMandate):
            give_consent(NewConsent("company", "填写申请表"), actor=acting(li), now=NOW)
