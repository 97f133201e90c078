"""What was filled in meets what a register says."""

from datetime import date

import pytest

from zhicheng.apps.services.queries import facts
from zhicheng.apps.services.queries.facts import concerned_facts, join_register
from zhicheng.apps.services.tests.town import register, resident
from zhicheng.apps.services.values import GivenFact
from zhicheng.core.lake.values import EntityFacts, LakeFact
from zhicheng.core.rules.public import current_rulebook

BORN = "youngest_child_birth_date"
ELDER, BABY = date(2021, 5, 4), date(2026, 2, 20)


def stated(day: date) -> dict[str, GivenFact]:
    return {BORN: GivenFact(BORN, "出生日期", day, "申请人填写", verified=False)}


class TestJoinRegister:
    """王小芳 has a child already and tells of a second one."""

    def test_takes_a_difference_for_a_contradiction(self):
        facts, problems = join_register(stated(BABY), register(**{BORN: ELDER}))
        assert facts[BORN].value == ELDER
        assert [problem.kind for problem in problems] == ["contradiction"]

    def test_lets_a_newborn_be_news_to_the_register(self):
        facts, problems = join_register(stated(BABY), register(**{BORN: ELDER}), newer={BORN})
        assert problems == []
        assert (facts[BORN].value, facts[BORN].verified) == (BABY, False)

    def test_believes_the_register_that_knows_the_newborn_already(self):
        facts, problems = join_register(stated(BABY), register(**{BORN: BABY}), newer={BORN})
        assert problems == []
        assert facts[BORN].verified

    def test_finds_a_date_before_the_registered_one_contradictory_all_the_same(self):
        facts, problems = join_register(stated(ELDER), register(**{BORN: BABY}), newer={BORN})
        assert facts[BORN].value == BABY
        assert [problem.kind for problem in problems] == ["contradiction"]


class TestConcernedFacts:
    def test_leaves_out_what_no_rule_reads(self, town):
        known = register(resident_since_date=date(2020, 1, 1), birth_date=date(1990, 3, 7), criminal_record=False)
        found = concerned_facts(known, ["stall.licence.eligible"], rulebook=current_rulebook())
        assert set(found) == {"resident_since_date", "birth_date"}

    def test_are_none_where_nothing_is_decided_by_rules(self):
        assert concerned_facts(register(criminal_record=False), [], rulebook="") == {}


class TestRegisterFacts:
    """What the register says is put in words for those who read the decision."""

    @pytest.mark.parametrize(
        ("code", "value", "words"),
        [
            ("employed", True, "是"),
            ("sex", "female", "女"),
            ("birth_date", date(1990, 3, 7), "1990年3月7日"),
            ("social_insurance_months", 78, "78 月"),
            ("monthly_income_cents", 1_250_050, "12,500.50 元"),
        ],
    )
    def test_are_said_in_words(self, town, monkeypatch, code, value, words):
        fang = resident()
        held = EntityFacts("person", "key", None, {code: LakeFact(value, "村民册")})
        monkeypatch.setattr(facts, "facts_of", lambda _entity, _key: held)
        assert facts.register_facts(fang.party_id)[code].said == words
