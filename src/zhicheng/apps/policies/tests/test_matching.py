"""A profile matched by rules, pushed with consent, sealed; what is wrong in a profile or a pack is said."""

import shutil

import pytest
from django.apps import apps

from zhicheng.apps.appeals.tests.town import NOW, TINYTOWN, later, resident
from zhicheng.apps.policies.errors import ProfileNeedsAccount
from zhicheng.apps.policies.operations.profiles import reseal_profiles
from zhicheng.apps.policies.public import (
    agree_to_pushes,
    get_profile_of,
    gets_pushes,
    list_policies,
    match_policies,
    push_all,
    push_to,
    questions_for,
    save_profile,
    stop_pushes,
)
from zhicheng.apps.policies.queries import matching
from zhicheng.apps.policies.values import PolicyFilter
from zhicheng.core.notices.public import list_notices
from zhicheng.core.packs.public import check_pack
from zhicheng.core.parties.errors import NotPermitted
from zhicheng.core.parties.public import keyring
from zhicheng.core.parties.values import ANONYMOUS
from zhicheng.core.rules.errors import RuleUnknown
from zhicheng.kit.errors import FieldErrors

Notice, Profile = apps.get_model("notices", "Notice"), apps.get_model("policies", "PolicyProfile")
TODAY = NOW.date()
FIRM = {"status": "active", "employees": "12", "insured_employees": "10"}


@pytest.fixture
def boss(town):
    """王芳, who runs a small firm and has said so."""
    actor = resident()
    save_profile("company", FIRM, actor=actor, now=NOW)
    return actor


def _match(actor, code="company.first_hire", entity="company"):
    return next(match for match in match_policies(actor.party_id, entity, on=TODAY) if match.policy.code == code)


@pytest.mark.django_db
class TestMatchPolicies:
    def test_tells_what_fits_with_rule_source_and_conditions(self, boss):
        match = _match(boss)
        assert (match.outcome, match.rule, match.effective_from) == ("yes", "policy.first_hire", "2026-01-01")
        assert "补助办法" in match.legal_source
        assert {condition.met for condition in match.conditions} == {True}
        assert any("企业自行填写" in condition.source for condition in match.conditions)

    def test_tells_what_is_missing_for_one_that_does_not_fit(self, boss):
        save_profile("company", {**FIRM, "employees": "80"}, actor=boss, now=NOW)
        match = _match(boss)
        assert match.outcome == "no"
        assert len(match.unmet) == 1
        assert "50" in match.unmet[0]

    def test_blames_no_condition_that_is_as_it_should_be(self, boss):
        """Behind NOT, what does not hold is fine; of OR, one side is enough."""
        save_profile("company", {**FIRM, "employees": "80", "insured_employees": "0"}, actor=boss, now=NOW)
        conditions = {condition.text: condition.met for condition in _match(boss).conditions}
        assert sorted(conditions.values()) == [False, False, True]

    def test_tells_which_answers_it_needs(self, boss):
        save_profile("company", {"status": "active"}, actor=boss, now=NOW)
        match = _match(boss)
        assert (match.outcome, set(match.missing)) == ("unknown", {"从业人数", "参保人数"})

    def test_matches_nothing_that_is_no_longer_in_force(self, boss):
        assert "company.old_fair" not in {
            each.policy.code for each in match_policies(boss.party_id, "company", on=TODAY)
        }

    def test_says_not_yet_where_the_city_has_no_such_rule(self, boss, monkeypatch):
        def none(_rules, _facts, *, on):
            raise RuleUnknown(rule=str(on))

        monkeypatch.setattr(matching, "evaluate", none)
        assert _match(boss).outcome == "not_yet"


@pytest.mark.django_db
@pytest.mark.usefixtures("town")
class TestSaveProfile:
    def test_asks_only_what_rules_read(self):
        assert [each.code for each in questions_for("company", TODAY)] == ["employees", "insured_employees", "status"]

    def test_seals_the_answers_and_seals_them_anew(self, boss):
        row = Profile.objects.get()
        assert b"active" not in bytes(row.answers_sealed)
        assert reseal_profiles(keyring().current().id, 10) == 0
        known = get_profile_of(boss.party_id, "company")
        assert known is not None
        assert known.answers == {"status": "active", "employees": 12, "insured_employees": 10}

    def test_keeps_one_profile_and_forgets_what_is_left_out(self, boss):
        save_profile("company", {"employees": "3"}, actor=boss, now=later(days=1))
        known = get_profile_of(boss.party_id, "company")
        assert known is not None
        assert (Profile.objects.count(), known.answers) == (1, {"employees": 3})

    @pytest.mark.parametrize(
        ("field", "text"),
        [
            ("employees", "很多"),
            ("employees", "-3"),
            ("employees", "1.5"),
            ("employees", "NaN"),
            ("employees", "1" * 40),
            ("status", "sleeping"),
        ],
    )
    def test_refuses_what_cannot_be_right(self, field, text):
        with pytest.raises(FieldErrors) as refused:
            save_profile("company", {**FIRM, field: text}, actor=resident(), now=NOW)
        assert list(refused.value.fields) == [field]
        assert Profile.objects.count() == 0

    def test_refuses_a_birth_date_in_the_future(self):
        with pytest.raises(FieldErrors):
            save_profile("person", {"birth_date": "2090-01-01"}, actor=resident(), now=NOW)

    def test_is_for_somebody(self):
        with pytest.raises(ProfileNeedsAccount):
            save_profile("company", FIRM, actor=ANONYMOUS, now=NOW)


@pytest.mark.django_db
class TestPushing:
    def test_tells_nobody_who_has_not_agreed(self, boss):
        assert push_to(boss.party_id, "company", now=NOW) == 0
        assert push_all(NOW) == 0
        assert Notice.objects.filter(template="policy.match").count() == 0

    def test_tells_once_and_leads_on(self, boss):
        assert agree_to_pushes(actor=boss, now=NOW) == 1
        push_all(later(days=1))
        told = [each for each in list_notices(f"party:{boss.party_id}").notices if each.template == "policy.match"]
        assert [each.link for each in told] == ["/policies/company.first_hire/"]
        assert "1000 元" in told[0].text

    def test_stops_when_told(self, boss):
        agree_to_pushes(actor=boss, now=NOW)
        stop_pushes(actor=boss, now=later(days=1))
        assert not gets_pushes(boss.party_id)
        assert push_to(boss.party_id, "company", now=later(days=2)) == 0

    def test_is_agreed_to_by_somebody(self, town):
        with pytest.raises(NotPermitted):
            agree_to_pushes(actor=ANONYMOUS, now=NOW)


@pytest.mark.django_db
@pytest.mark.usefixtures("town")
class TestListPolicies:
    def test_finds_by_everyday_words_and_by_number(self):
        for words in ("招人", "云府规〔2026〕1号"):
            assert list_policies(PolicyFilter(text=words), on=TODAY).policies[0].code == "company.first_hire"

    def test_pages(self):
        first = list_policies(PolicyFilter(limit=2), on=TODAY)
        second = list_policies(PolicyFilter(limit=2, after=first.after), on=TODAY)
        assert (first.total, len(first.policies), len(second.policies), second.after) == (3, 2, 1, 0)


class TestSection:
    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("code: person.stall_training", "code: company.first_hire", "policies.duplicate"),
            ("issuer: government", "issuer: nobody", "policies.issuer"),
            ("to: 2025-12-31", "to: 2026-02-01", "policies.overlap"),
            ("to: 2025-12-31", "to: 2024-12-31", "policies.period"),
            (
                '- code: "2026"\n      number: 云府规〔2026〕1号',
                '- code: "2025"\n      number: 云府规〔2026〕1号',
                "policies.version",
            ),
            (
                "{code: c2, title: 补助标准, text: 每招用一人补助 800",
                "{code: c1, title: 补助标准, text: 每招用一人补助 800",
                "policies.clause",
            ),
            ("rule: policy.first_hire", "rule: policy.nothing", "policies.unknown_rule"),
            ("rule: policy.first_hire", "item: no.such_item", "policies.unknown_item"),
            ("from: 2024-01-01", "from: 今年", "field."),
        ],
    )
    def test_finds_what_is_wrong(self, tmp_path, old, new, code):
        root = shutil.copytree(TINYTOWN, tmp_path / "town")
        path = root / "policies" / "policies.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        assert any(fault.code.startswith(code) for fault in check_pack(root))
