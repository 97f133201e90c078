from uuid import uuid4

import pytest

from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.models import Case
from zhicheng.core.cases.public import Purpose, follow_code, get_case, get_case_by_secret, list_cases
from zhicheng.core.cases.queries.details import _held
from zhicheng.core.cases.queries.visibility import visible_cases
from zhicheng.core.cases.tests.town import (
    CHEN,
    GUO,
    LIU,
    TOWN,
    WATER,
    WORKS,
    do,
    make_account,
    official,
    opened,
    resident,
)
from zhicheng.core.cases.values import CaseFilter
from zhicheng.core.parties.values import ANONYMOUS, system_actor

# Who sees which of: the errand at the works, its child at the water station, another errand at the water station.
SEEN = {
    "requester": {"errand"},
    "other resident": set(),
    "handler of the unit": {"errand", "child"},
    "handler of a sibling unit": {"errand", "child", "other"},  # the errand as the parent of the child
    "handler of a sibling unit without a part in it": set(),
    "supervisor above": {"errand", "child", "other"},
    "supervisor of the works": {"errand"},
    "arbiter": {"errand", "child", "other"},
    "call-taker who took it down": {"errand"},
    "another call-taker": set(),
    "clerk of the account without the role": set(),
    "auditor": set(),
    "system administrator": set(),
    "official of another town": set(),
    "anonymous": set(),
    "system": {"errand", "child", "other"},
}


@pytest.fixture
def cases(town):
    fang, account = resident("方芳"), make_account("call.zhou")
    errand = opened(requester=fang.party_id, creator=account)
    do(errand.id, "take")
    do(errand.id, "ask", given={"unit": WATER})
    found = {"errand": errand.id, "other": opened(WATER).id, "child": Case.objects.get(parent_id=errand.id).id}
    return found, fang, account


def people(fang, account):
    return {
        "requester": fang,
        "other resident": resident("李强"),
        "handler of the unit": CHEN,
        "handler of a sibling unit": LIU,
        "handler of a sibling unit without a part in it": official("YX-ROADS", "cases.handle"),
        "supervisor above": GUO,
        "supervisor of the works": official(WORKS, "cases.supervise", subtree=True),
        "arbiter": official(TOWN, "cases.arbitrate", subtree=True),
        "call-taker who took it down": official(TOWN, "appeals.take_call", account=account),
        "another call-taker": official(TOWN, "appeals.take_call"),
        "clerk of the account without the role": official(TOWN, "accounts.manage", account=account),
        "auditor": official(TOWN, "ledger.audit", subtree=True),
        "system administrator": official(TOWN, "accounts.manage", "packs.install", subtree=True),
        "official of another town": official("ZZ", "cases.handle", "cases.supervise", subtree=True),
        "anonymous": ANONYMOUS,
        "system": system_actor("worker"),
    }


@pytest.mark.django_db
class TestVisibleCases:
    @pytest.mark.parametrize("who", SEEN)
    def test_matrix(self, cases, who):
        found, fang, account = cases
        actor = people(fang, account)[who]
        seen = {name for name, case in found.items() if visible_cases(actor, Purpose.ANY).filter(pk=case).exists()}
        assert seen == SEEN[who]

    @pytest.mark.parametrize("who", SEEN)
    def test_every_way_in_agrees(self, cases, who):
        found, fang, account = cases
        actor = people(fang, account)[who]
        listed = {row.id for row in list_cases(actor, CaseFilter(), purpose=Purpose.ANY).rows}
        assert listed == {found[name] for name in SEEN[who]}
        for name, case in found.items():
            if name in SEEN[who]:
                assert get_case(actor, case).row.id == case
            else:
                with pytest.raises(CaseNotFound):
                    get_case(actor, case)

    def test_whoever_sees_a_case_is_something_to_it(self, cases):
        found, fang, account = cases
        for actor in people(fang, account).values():
            for case in Case.objects.filter(pk__in=found.values()):
                if visible_cases(actor, Purpose.ANY).filter(pk=case.pk).exists():
                    assert _held(case, actor)

    @pytest.mark.parametrize(
        ("who", "purpose"),
        [
            ("requester", Purpose.WORK),
            ("handler of the unit", Purpose.OWN),
            ("call-taker who took it down", Purpose.WORK),
            ("anonymous", Purpose.OWN),
        ],
    )
    def test_a_narrow_purpose_shows_nothing_of_another(self, cases, who, purpose):
        _, fang, account = cases
        assert not visible_cases(people(fang, account)[who], purpose).exists()

    def test_a_resident_without_a_party_sees_no_case_without_a_requester(self, cases):
        assert not visible_cases(ANONYMOUS, Purpose.ANY).exists()


@pytest.mark.django_db
class TestReleasedChild:
    """The water station was asked to help with the errand, and no longer does."""

    @pytest.mark.parametrize(("action", "who"), [("decline", LIU), ("recall", CHEN)])
    def test_leaves_the_unit_its_own_part_only(self, cases, action, who):
        found, _, _ = cases
        assert get_case(LIU, found["errand"]).row.id == found["errand"]
        do(found["child"], action, who)
        with pytest.raises(CaseNotFound):
            get_case(LIU, found["errand"])
        with pytest.raises(CaseNotFound):
            do(found["errand"], "note", LIU, given={"text": "还想看看"})
        assert found["errand"] not in {row.id for row in list_cases(LIU, CaseFilter()).rows}
        own = get_case(LIU, found["child"])
        assert ([item.action for item in own.history], own.parent) == (["open", action], None)

    def test_stays_with_whoever_else_has_a_part(self, cases):
        found, _, _ = cases
        do(found["child"], "decline", LIU)
        assert get_case(CHEN, found["child"]).parent.id == found["errand"]
        assert get_case(GUO, found["errand"]).children[0].id == found["child"]
        do(found["errand"], "ask", given={"unit": WATER})  # asked once more: part of it again
        assert get_case(LIU, found["errand"]).row.id == found["errand"]

    def test_that_was_done_still_shows_what_it_was_part_of(self, cases):
        found, _, _ = cases
        do(found["child"], "help", LIU)
        assert get_case(LIU, found["child"]).parent.id == found["errand"]

    def test_a_case_that_moved_on_is_seen_where_it_is(self, cases):
        found, _, _ = cases
        do(found["other"], "pass_on", LIU, given={"unit": WORKS})
        with pytest.raises(CaseNotFound):
            get_case(LIU, found["other"])
        assert get_case(CHEN, found["other"]).row.id == found["other"]


@pytest.mark.django_db
class TestGetCaseBySecret:
    def test_shows_the_case_as_its_requester_sees_it(self, cases):
        found, _, _ = cases
        number = Case.objects.get(pk=found["errand"]).number
        details = get_case_by_secret(number.lower(), f" {follow_code(number)[:4]} {follow_code(number)[4:]}".lower())
        assert details.row.id == found["errand"]
        assert details.held == {"requester"}
        assert [item.action for item in details.history] == ["open", "take"]
        assert details.children == ()

    @pytest.mark.parametrize("code", ["", "00000000", "路灯坏了", "A" * 10_000, "\x00"])
    def test_does_not_tell_a_wrong_code_from_a_wrong_number(self, cases, code):
        found, _, _ = cases
        number = Case.objects.get(pk=found["errand"]).number
        for given in (number, "YX26030200000000", "", "' OR 1=1"):
            with pytest.raises(CaseNotFound):
                get_case_by_secret(given, code)

    def test_a_code_of_one_case_does_not_open_another(self, cases):
        found, _, _ = cases
        numbers = [Case.objects.get(pk=found[name]).number for name in ("errand", "other")]
        with pytest.raises(CaseNotFound):
            get_case_by_secret(numbers[0], follow_code(numbers[1]))


@pytest.mark.django_db
def test_a_guessed_case_number_shows_nothing(town):
    case = opened()
    for guess in (case.number[:-1], case.number + "0", "%", "_" * 16, str(uuid4())):
        with pytest.raises(CaseNotFound):
            get_case(CHEN, guess)
