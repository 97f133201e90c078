"""Tables of old runs go; those of runs that are not over stay."""

from datetime import timedelta

import pytest

from zhicheng.apps.benefits.public import advance_runs, approve_run, get_run, sweep_results
from zhicheng.apps.benefits.tests.town import HUANG, NOW, Grant, compute, execute, granted, key, settle, work
from zhicheng.core.lake.public import list_tables
from zhicheng.core.rules.public import sweep_verdicts

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=500)


def results() -> int:
    return sum(table.table.startswith("benefits_") for table in list_tables())


class TestSweepResults:
    def test_removes_those_of_finished_runs_and_no_grant(self, officer, approver) -> None:
        settle({key(1): HUANG})
        execute(officer, approver)
        assert sweep_results(before=LATER, now=LATER) == 3
        assert (results(), len(granted())) == (0, 1)

    def test_leaves_those_of_a_run_that_is_being_executed(self, officer, approver) -> None:
        settle({key(1): HUANG})
        run = compute(officer)
        approve_run(run.id, actor=approver, now=NOW + timedelta(seconds=1))
        sweep_results(before=LATER, now=LATER)
        work(LATER)
        assert (get_run(run.id).stage, len(granted())) == ("finished", 1)

    def test_leaves_those_of_a_run_that_may_still_be_approved(self, officer, approver) -> None:
        settle({key(1): HUANG})
        run = compute(officer)
        sweep_results(before=LATER, now=LATER)
        approve_run(run.id, actor=approver, now=LATER)
        assert advance_runs(LATER)
        assert Grant.objects.count() == 1

    def test_leaves_the_young(self, officer, approver) -> None:
        settle({key(1): HUANG})
        execute(officer, approver)
        assert sweep_results(before=NOW - timedelta(days=1), now=LATER) == 0


def test_verdicts_of_old_runs_go(officer, approver) -> None:
    settle({key(1): HUANG})
    execute(officer, approver)
    assert sweep_verdicts(before=LATER, now=LATER) == 1
    assert not [table for table in list_tables() if table.table.startswith("verdicts_")]
