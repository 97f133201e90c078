"""Runs: who gets how much, once, by two persons, the same again from the same."""

from datetime import date, timedelta

import pytest

from zhicheng.apps.benefits.errors import NotPermitted, OtherAudience, RunNotReady, RunOutdated, SecondPersonNeeded
from zhicheng.apps.benefits.public import approve_run, compare_run, get_run, plan_run
from zhicheng.apps.benefits.tests.town import (
    HUANG,
    NOW,
    TODAY,
    Entry,
    Grant,
    RunRow,
    compute,
    execute,
    granted,
    hire,
    key,
    settle,
    work,
)
from zhicheng.apps.benefits.values import PlanRun

pytestmark = pytest.mark.django_db
MARCH = "2026-03"
LATER = NOW + timedelta(hours=1)


class TestPlanRun:
    def test_needs_the_permission(self, town) -> None:
        with pytest.raises(NotPermitted):
            plan_run(PlanRun("person", TODAY), actor=hire("liu.yang", "paymaster"), now=NOW)

    def test_refuses_a_benefit_that_there_is_not(self, officer) -> None:
        with pytest.raises(OtherAudience, match="「castle」"):
            plan_run(PlanRun("person", TODAY, ("castle",)), actor=officer, now=NOW)

    def test_tells_the_officials_when_there_are_no_facts(self, officer) -> None:
        run = compute(officer)
        assert (run.stage, bool(run.failure)) == ("failed", True)


class TestComputeRun:
    def test_grants_nothing_by_itself(self, officer) -> None:
        settle({key(1): HUANG})
        run = compute(officer)
        totals = {total.benefit: total for total in run.totals}
        assert (run.stage, totals["elderly_allowance"].new_cents, Grant.objects.count()) == ("computed", 20000, 0)

    def test_gives_the_same_hash_for_the_same_inputs(self, officer) -> None:
        settle({key(number): HUANG for number in range(50)})
        first, second = compute(officer), compute(officer, now=LATER)
        assert first.result_hash == second.result_hash
        assert first.result_table != second.result_table

    def test_gives_another_hash_for_other_facts(self, officer) -> None:
        settle({key(1): HUANG})
        first = compute(officer)
        settle({key(1): {"birth_date": date(1930, 1, 1)}}, now=LATER)
        assert compute(officer, now=LATER).result_hash != first.result_hash

    def test_is_one_entry_of_the_ledger_that_names_its_inputs(self, officer) -> None:
        settle({key(1): HUANG})
        run = compute(officer)
        entry = Entry.objects.get(action="benefits.run")
        assert (entry.data["table"], entry.data["result"]) == ("person@0", run.result_hash)
        assert len(entry.data["pack"]) == 64
        assert run.rulebook in entry.rule

    def test_counts_those_of_whom_too_little_is_known(self, officer) -> None:
        settle({key(1): {"birth_date": None}})
        totals = {total.benefit: total for total in compute(officer).totals}
        assert (totals["elderly_allowance"].unknown, totals["elderly_allowance"].entitled) == (1, 0)


class TestApproveRun:
    def test_takes_a_second_person(self, town) -> None:
        settle({key(1): HUANG})
        both = hire("sun.jie", "benefit_officer", "benefit_approver")
        run = compute(both)
        with pytest.raises(SecondPersonNeeded):
            approve_run(run.id, actor=both, now=NOW)

    def test_refuses_what_is_not_computed(self, officer, approver) -> None:
        run = plan_run(PlanRun("person", TODAY), actor=officer, now=NOW)
        with pytest.raises(RunNotReady):
            approve_run(run.id, actor=approver, now=NOW)

    def test_refuses_a_run_that_does_not_know_of_another(self, officer, approver) -> None:
        settle({key(1): HUANG})
        first, second = compute(officer), compute(officer)
        approve_run(first.id, actor=approver, now=LATER)
        with pytest.raises(RunOutdated):
            approve_run(second.id, actor=approver, now=LATER)
        work(LATER)
        with pytest.raises(RunOutdated):
            approve_run(second.id, actor=approver, now=LATER)
        assert granted() == {(key(1), "elderly_allowance", MARCH): 20000}


class TestExecuteRun:
    def test_grants_each_amount_once(self, officer, approver) -> None:
        settle({key(1): HUANG, key(2): {"birth_date": date(1930, 1, 1)}, key(3): {}})
        run = execute(officer, approver)
        assert (run.stage, run.granted) == ("finished", 2)
        assert granted() == {
            (key(1), "elderly_allowance", MARCH): 20000,
            (key(2), "elderly_allowance", MARCH): 50000,
        }

    def test_goes_on_where_a_worker_was_stopped(self, officer, approver) -> None:
        settle({key(number): HUANG for number in range(40)})
        run = compute(officer)
        RunRow.objects.filter(pk=run.id).update(chunks=1)
        approve_run(run.id, actor=approver, now=LATER)
        work(LATER, steps=1)
        assert get_run(run.id).chunks_done == 1
        work(LATER)
        assert (get_run(run.id).stage, len(granted())) == ("finished", 40)

    def test_pays_nothing_twice_on_another_day_of_the_month(self, officer, approver) -> None:
        settle({key(1): HUANG})
        execute(officer, approver)
        again = execute(officer, approver, on=date(2026, 3, 20), now=LATER)
        assert (again.granted, sum(granted().values())) == (0, 20000)

    def test_pays_again_in_the_next_month(self, officer, approver) -> None:
        settle({key(1): HUANG})
        execute(officer, approver)
        execute(officer, approver, on=date(2026, 4, 2), now=LATER)
        assert set(granted()) == {(key(1), "elderly_allowance", MARCH), (key(1), "elderly_allowance", "2026-04")}

    def test_shows_gains_and_losses_against_the_last(self, officer, approver) -> None:
        settle({key(1): HUANG})
        execute(officer, approver)
        settle({key(1): HUANG, key(2): HUANG}, now=LATER)
        compared = {each.benefit.code: each for each in compare_run(compute(officer, now=LATER).id)}
        assert (compared["elderly_allowance"].gain, compared["elderly_allowance"].gain_cents) == (1, 20000)


class TestExclusions:
    def test_leave_the_larger_amount(self, officer, approver) -> None:
        severe = {"birth_date": date(1950, 1, 1), "disability_certified": True}
        settle({key(1): {**severe, "disability_level": 1}, key(2): {**severe, "disability_level": 2}})
        run = execute(officer, approver)
        assert granted() == {(key(1), "nursing_elderly", MARCH): 60000, (key(2), "nursing_disabled", MARCH): 40000}
        assert {t.benefit: t.excluded for t in run.totals if t.excluded} == {
            "nursing_elderly": 1,
            "nursing_disabled": 1,
        }

    def test_follow_the_order_of_the_law_even_where_it_is_less(self, officer, approver) -> None:
        settle({key(1): {"unemployment_registered": True, "low_income_certified": True}})
        execute(officer, approver)
        assert granted() == {(key(1), "unemployment_aid", MARCH): 100000}

    def test_stand_for_the_whole_period(self, officer, approver) -> None:
        settle({key(1): {"low_income_certified": True}})
        execute(officer, approver)
        settle({key(1): {"unemployment_registered": True}}, now=LATER)
        execute(officer, approver, on=date(2026, 3, 25), now=LATER)
        assert granted() == {(key(1), "hardship_aid", MARCH): 150000}


class TestHouseholds:
    def test_get_one_payment(self, officer, approver) -> None:
        parent = {"children_under_3": 2, "household_key": "h1"}
        settle({key(1): parent, key(2): parent, key(3): {**parent, "household_key": "h2"}})
        execute(officer, approver)
        assert granted() == {(key(1), "childcare", "2026"): 720000, (key(3), "childcare", "2026"): 720000}

    def test_get_no_second_one_through_the_other_parent(self, officer, approver) -> None:
        parent = {"children_under_3": 1, "household_key": "h1"}
        settle({key(2): parent})
        execute(officer, approver)
        settle({key(1): parent, key(2): {"household_key": "h1"}}, now=LATER)
        execute(officer, approver, on=date(2026, 6, 1), now=LATER)
        assert granted() == {(key(2), "childcare", "2026"): 360000}

    def test_get_no_second_one_by_moving(self, officer, approver) -> None:
        settle({key(1): {"children_under_3": 1, "household_key": "h1"}})
        execute(officer, approver)
        settle({key(1): {"children_under_3": 1, "household_key": "h9"}}, now=LATER)
        execute(officer, approver, now=LATER)
        assert granted() == {(key(1), "childcare", "2026"): 360000}

    def test_that_nobody_knows_are_of_one_person(self, officer, approver) -> None:
        settle({key(1): {"children_under_3": 1}, key(2): {"children_under_3": 1}})
        execute(officer, approver)
        assert len(granted()) == 2
