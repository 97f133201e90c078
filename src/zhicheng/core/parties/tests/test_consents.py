"""Consents: one's own, each on its own, kept as proof."""

from datetime import timedelta

import pytest

from zhicheng.core.ledger.public import list_entries
from zhicheng.core.parties.errors import ConsentNotFound, NotPermitted, PurposeMissing
from zhicheng.core.parties.public import (
    consents_in_force,
    create_party,
    give_consent,
    list_consents,
    withdraw_consent,
)
from zhicheng.core.parties.tests.conftest import NOW
from zhicheng.core.parties.values import ANONYMOUS, Actor, ActorKind, NewConsent, PersonalFields

pytestmark = pytest.mark.django_db
POPULATION = NewConsent("population", "从人口库取姓名和出生日期，用于填写这张表单。")


@pytest.fixture
def wang() -> Actor:
    return Actor(ActorKind.RESIDENT, party_id=create_party(PersonalFields(name="王小明"), now=NOW))


class TestGiveConsent:
    def test_holds_until_it_is_withdrawn(self, wang: Actor):
        given = give_consent(POPULATION, actor=wang, now=NOW)
        assert consents_in_force(wang.party_id, ["population", "family"]) == {"population": given}
        withdraw_consent(given, actor=wang, now=NOW + timedelta(days=1))
        assert consents_in_force(wang.party_id, ["population"]) == {}
        assert list_consents(wang.party_id)[0].withdrawn_at == NOW + timedelta(days=1)

    def test_is_given_once_however_often_it_is_asked(self, wang: Actor):
        assert give_consent(POPULATION, actor=wang, now=NOW) == give_consent(POPULATION, actor=wang, now=NOW)
        assert len(list_consents(wang.party_id)) == 1

    def test_is_replaced_when_the_purpose_changes(self, wang: Actor):
        first = give_consent(POPULATION, actor=wang, now=NOW)
        second = give_consent(NewConsent("population", "另作他用。"), actor=wang, now=NOW)
        assert consents_in_force(wang.party_id, ["population"]) == {"population": second}
        assert {one.id for one in list_consents(wang.party_id) if one.withdrawn_at} == {first}

    def test_for_one_scope_is_none_for_another(self, wang: Actor):
        given = give_consent(NewConsent("family", "填写这张表单。", "draft:1"), actor=wang, now=NOW)
        assert consents_in_force(wang.party_id, ["family"], scope="draft:1") == {"family": given}
        assert consents_in_force(wang.party_id, ["family"], scope="draft:2") == {}

    def test_stands_in_the_ledger(self, wang: Actor):
        withdraw_consent(give_consent(POPULATION, actor=wang, now=NOW), actor=wang, now=NOW)
        entries = [kept.entry for kept in list_entries(subject=f"party:{wang.party_id}").entries]
        assert {entry.action for entry in entries} == {"consent.given", "consent.withdrawn"}
        assert all(entry.reason == POPULATION.purpose for entry in entries)

    def test_is_ones_own_and_says_what_for(self, wang: Actor):
        with pytest.raises(NotPermitted):
            give_consent(POPULATION, actor=ANONYMOUS, now=NOW)
        with pytest.raises(PurposeMissing):
            give_consent(NewConsent("population", " \u200b "), actor=wang, now=NOW)


class TestWithdrawConsent:
    def test_is_refused_to_others_and_twice(self, wang: Actor):
        given = give_consent(POPULATION, actor=wang, now=NOW)
        other = Actor(ActorKind.RESIDENT, party_id=create_party(PersonalFields(name="陈洁"), now=NOW))
        for stranger in (other, ANONYMOUS):
            with pytest.raises(ConsentNotFound):
                withdraw_consent(given, actor=stranger, now=NOW)
        withdraw_consent(given, actor=wang, now=NOW)
        with pytest.raises(ConsentNotFound):
            withdraw_consent(given, actor=wang, now=NOW)
