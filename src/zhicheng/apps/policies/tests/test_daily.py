"""Once a day, in the morning, each policy to each person once."""

from datetime import timedelta

import pytest
from django.apps import apps

from zhicheng.apps.appeals.tests.town import NOW, resident
from zhicheng.apps.policies.public import agree_to_pushes, known_facts, push_daily, save_profile
from zhicheng.apps.policies.queries import matching
from zhicheng.apps.policies.values import KnownFact
from zhicheng.core.parties.values import Actor

pytestmark = pytest.mark.django_db
Notice, Entry = apps.get_model("notices", "Notice"), apps.get_model("ledger", "Entry")
MORNING = NOW.replace(hour=2)  # ten in China
SMALL = {"status": "active", "employees": "12", "insured_employees": "10"}
LARGE = {**SMALL, "employees": "80"}
NOW_SMALL = {"employees": KnownFact("employees", "从业人数", 12, "法人库", held=True)}


@pytest.fixture
def boss(town) -> Actor:
    """王芳, who has agreed to be told; nothing fits her firm yet."""
    actor = resident()
    agree_to_pushes(actor=actor, now=NOW)
    save_profile("company", LARGE, actor=actor, now=NOW)
    return actor


def told() -> int:
    return Notice.objects.filter(template="policy.match").count()


def runs() -> int:
    return Entry.objects.filter(action="policies.pushed", at__gte=MORNING).count()


class TestPushDaily:
    def test_runs_once_a_day(self, boss) -> None:
        push_daily(MORNING)
        push_daily(MORNING + timedelta(hours=5))
        assert runs() == 1
        push_daily(MORNING + timedelta(days=1))
        assert runs() == 2

    def test_waits_for_the_morning(self, boss) -> None:
        assert push_daily(MORNING - timedelta(hours=3)) == 0
        assert runs() == 0

    def test_tells_what_has_come_to_fit_and_tells_it_once(self, boss, monkeypatch) -> None:
        push_daily(MORNING)
        assert told() == 0
        monkeypatch.setattr(
            matching, "known_facts", lambda party, _entity: {**known_facts(party, "company"), **NOW_SMALL}
        )
        for days in (1, 2, 3):
            push_daily(MORNING + timedelta(days=days))
        assert told() == 1

    def test_leaves_those_alone_who_have_not_agreed(self, town) -> None:
        save_profile("company", SMALL, actor=resident(), now=NOW)
        push_daily(MORNING)
        assert told() == 0
