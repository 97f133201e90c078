"""Appeals made with a telephone number are found in the account that signs in with it later."""

import pytest

from zhicheng.apps.appeals.tests.town import NOW, browser, citizen, person, replied, sent
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import Purpose, act, get_case, list_cases
from zhicheng.core.cases.values import ActCommand, CaseFilter
from zhicheng.core.ledger.public import relay_outbox
from zhicheng.core.parties.public import actor_for, amend_party
from zhicheng.core.parties.values import PersonalFields

pytestmark = pytest.mark.usefixtures("town")
PHONE, OTHER = "13800138000", "13900139000"


def own_numbers(account) -> set[str]:
    rows = list_cases(actor_for(account, now=NOW), CaseFilter(), purpose=Purpose.OWN).rows
    return {row.number for row in rows}


class TestEarlierAppeals:
    def test_by_form_and_by_telephone_are_in_the_account(self):
        by_form = sent(name="王芳", phone=PHONE)
        by_call = sent(person("zhou.mei"), name="王女士", phone="+86 138 0013 8000", channel="phone")
        sent(name="李强", phone=OTHER)
        account = citizen(PHONE)
        assert own_numbers(account) == {by_form.number, by_call.number}
        assert sent(actor_for(account, now=NOW)).number in own_numbers(account)

    def test_that_were_anonymous_stay_so(self):
        sent(anonymous=True, name="王芳", phone=PHONE)
        assert own_numbers(citizen(PHONE)) == set()

    def test_can_be_opened_and_rated_like_those_made_later(self):
        done = replied(name="王芳", phone=PHONE)
        account = citizen(PHONE)
        page = browser(account)
        assert done.number in page.get("/my/appeals/").content.decode()
        assert page.get(f"/appeals/{done.number}/").status_code == 200
        rated = act(ActCommand(done.case_id, "rate", {"score": "5"}), actor_for(account, now=NOW), NOW)
        assert rated.state == "closed"

    def test_have_their_messages_in_the_account_too(self):
        done = sent(name="王芳", phone=PHONE)
        other = sent(name="李强", phone=OTHER)
        while relay_outbox(now=NOW, limit=500):
            pass
        page = browser(citizen(PHONE)).get("/my/messages/").content.decode()
        assert done.number in page
        assert other.number not in page

    def test_are_not_got_by_writing_a_number_into_the_profile(self):
        done = sent(name="王芳", phone=PHONE)
        stranger = actor_for(citizen(OTHER), now=NOW)
        assert stranger.party_id is not None
        amend_party(stranger.party_id, PersonalFields(phone=PHONE), actor=stranger, now=NOW)
        again = actor_for(stranger.account_id, now=NOW)
        with pytest.raises(CaseNotFound):
            get_case(again, done.number)

    def test_of_somebody_who_only_claims_the_number_in_their_profile_are_not_mine(self):
        liar = actor_for(citizen(OTHER), now=NOW)
        assert liar.party_id is not None
        amend_party(liar.party_id, PersonalFields(phone=PHONE), actor=liar, now=NOW)
        own = sent(liar)
        assert own_numbers(citizen(PHONE)) == set()
        assert own_numbers(liar.account_id) == {own.number}
