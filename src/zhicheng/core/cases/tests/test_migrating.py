"""Moving running cases to a newer version of their process."""

import copy

import pytest

from zhicheng.core.cases.errors import MigrationRefused
from zhicheng.core.cases.models import Case, ClockRow, HistoryRow
from zhicheng.core.cases.public import MigrationPlan, fire_due_clocks, list_running_processes, migrate_cases
from zhicheng.core.cases.tests.town import CALENDAR, ERRAND, HELP, NOW, WATER, do, later, opened, release
from zhicheng.core.ledger.public import list_entries


def renamed():
    """The errand with another word for `doing`, fewer warnings, and a new action."""
    body = copy.deepcopy(ERRAND)
    body["states"]["busy"] = body["states"].pop("doing")
    for action in body["actions"].values():
        action["from"] = ["busy" if state == "doing" else state for state in action["from"]]
        action["to"] = "busy" if action.get("to") == "doing" else action.get("to", "same")
    body["clocks"]["resolve"]["stages"] = [0.5, 1.0]
    body["actions"]["skip"] = {"label": "跳过", "from": ["busy"], "to": "done", "who": ["cases.handle"]}
    return body


def upgrade(body):
    old = next(one.hash for one in list_running_processes() if one.code == "errand")
    release(CALENDAR, body, HELP)
    return old, next(one.hash for one in list_running_processes() if one.code == "errand" and one.is_current)


def move(plan, **more):
    return migrate_cases(plan, actor_ref="system:cli", now=later(hours=1), **more)


@pytest.mark.django_db
class TestMigrateCases:
    def test_moves_running_cases_and_leaves_ended_ones(self, town):
        waiting, doing, ended = opened(), opened(), opened()
        do(doing.id, "take")
        Case.objects.filter(pk=ended.id).update(final=True, state="done")
        old, new = upgrade(renamed())
        before = ClockRow.objects.get(case_id=doing.id).due_at
        assert move(MigrationPlan(old, new, {"doing": "busy"})) == 2
        assert {case.state for case in Case.objects.filter(definition=new)} == {"open", "busy"}
        assert Case.objects.get(pk=ended.id).definition == old
        assert ClockRow.objects.get(case_id=doing.id).due_at == before
        assert do(doing.id, "skip").state == "done"
        assert do(waiting.id, "take").state == "busy"

    def test_is_in_history_and_ledger(self, town):
        case = opened()
        old, new = upgrade(renamed())
        move(MigrationPlan(old, new, {"doing": "busy"}))
        row = HistoryRow.objects.get(case_id=case.id, action="migrated")
        assert (row.version, row.actor, row.input, row.public) == (2, "system:cli", {"from": old, "to": new}, False)
        entries = {found.entry.action: found.entry for found in list_entries(limit=9).entries}
        assert entries["cases.migrated"].data == {"from": old, "to": new, "cases": 1}
        assert entries["cases.errand.migrated"].subject == f"case:{case.id}"

    def test_only_looks_when_asked_to(self, town):
        opened()
        old, new = upgrade(renamed())
        assert move(MigrationPlan(old, new, {"doing": "busy"}), dry_run=True) == 1
        assert not Case.objects.filter(definition=new).exists()

    def test_moves_none_where_one_does_not_fit_and_lists_it(self, town):
        opened()
        doing = opened(WATER)
        Case.objects.filter(pk=doing.id).update(state="doing")
        old, new = upgrade(renamed())
        with pytest.raises(MigrationRefused) as refused:
            move(MigrationPlan(old, new))
        [misfit] = refused.value.misfits
        assert (misfit.number, misfit.state) == (doing.number, "doing")
        assert "请在对照表里写明" in misfit.why
        assert not Case.objects.filter(definition=new).exists()

    def test_refuses_a_process_that_lacks_a_clock_of_a_case(self, town):
        opened()
        body = copy.deepcopy(ERRAND)
        body["clocks"]["other"] = body["clocks"].pop("resolve")
        old, new = upgrade(body)
        with pytest.raises(MigrationRefused) as refused:
            move(MigrationPlan(old, new))
        assert refused.value.misfits[0].why == "新流程没有时限 resolve"

    def test_does_not_warn_twice(self, town):
        case = opened()
        fire_due_clocks(ClockRow.objects.get(case_id=case.id).next_fire_at)  # 70 %
        old, new = upgrade(renamed())
        move(MigrationPlan(old, new, {"doing": "busy"}))
        clock = ClockRow.objects.get(case_id=case.id)
        assert (clock.stage, clock.next_fire_at) == (1, clock.due_at)

    @pytest.mark.parametrize(
        ("make", "why"),
        [
            (lambda old, new: MigrationPlan(old, "0" * 64), "找不到定义"),
            (lambda old, new: MigrationPlan(old, old), "不是同一流程的两个版本"),
            (lambda old, new: MigrationPlan(old, new, {"doing": "done"}), "不是新流程中的在办状态"),
            (lambda old, new: MigrationPlan(old, new, {"doing": "nowhere"}), "不是新流程中的在办状态"),
        ],
    )
    def test_refuses_a_plan_that_makes_no_sense(self, town, make, why):
        opened()
        with pytest.raises(MigrationRefused, match=why):
            move(make(*upgrade(renamed())))

    def test_goes_on_where_it_was_killed(self, town, monkeypatch):
        monkeypatch.setattr("zhicheng.core.cases.gate.migrating._BATCH", 2)
        cases = [opened(now=NOW) for _ in range(5)]
        old, new = upgrade(renamed())
        plan = MigrationPlan(old, new, {"doing": "busy"})
        Case.objects.filter(pk=cases[0].id).update(definition=new)  # what a killed run had done
        assert (move(plan), move(plan)) == (4, 0)
        assert Case.objects.filter(definition=new).count() == 5
