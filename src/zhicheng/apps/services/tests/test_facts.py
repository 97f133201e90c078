"""What was filled in meets what a register says."""

from datetime import date

from zhicheng.apps.services.queries.facts import join_register
from zhicheng.apps.services.tests.town import register
from zhicheng.apps.services.values import GivenFact

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
