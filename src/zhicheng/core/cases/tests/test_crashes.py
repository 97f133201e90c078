"""Cases in the database against a dictionary in memory, while the process is killed between any two statements.

A kill closes the connection before or after a statement of the gate has run; the client then repeats its request with
the same key, as it would after a lost answer.
"""

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, InterfaceError, connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from zhicheng.core.cases.models import Case, ClockRow, HistoryRow
from zhicheng.core.cases.public import act, fire_due_clocks, new_case, store_case
from zhicheng.core.cases.tests.town import GUO, NOW, WATER, draft, key_for
from zhicheng.core.cases.values import ActCommand
from zhicheng.core.ledger.models import Entry, OutboxRow
from zhicheng.engines.statetable.transition import ActionRefused, ActionUnknown

# state → action → next state, written by hand; None stays. `lapse` and `finish` have their own conditions below.
ERRAND = {
    "open": {"take": "doing", "note": None, "drop": "dropped"},
    "doing": {
        "ask": None,
        "note": None,
        "hold": None,
        "go_on": None,
        "longer": None,
        "finish": "waiting",
        "drop": "dropped",
    },
    "waiting": {"note": None, "confirm": "done", "again": "doing"},
    "done": {},
    "dropped": {},
}
HELP = {"asked": {"help": "helped", "recall": "recalled"}, "helped": {}, "recalled": {}}
ACTIONS = sorted({action for table in (ERRAND, HELP) for acts in table.values() for action in acts})
EVERYBODY = frozenset({"requester"})
KILLS = st.sampled_from([None, None, *((place, when) for place in (1, 2) for when in ("before", "after"))])
_numbers = count()


class KilledError(Exception):
    """The process is gone."""


@contextmanager
def killed_at(kill):
    """Lose the connection before or after the n-th statement that touches cases."""
    seen = count(1)

    def lose():
        connection.close()
        raise KilledError

    def wrapper(execute, sql, params, many, context):
        if kill is None or "cases_" not in sql or next(seen) != kill[0]:
            return execute(sql, params, many, context)
        if kill[1] == "after":
            execute(sql, params, many, context)
        return lose()

    with connection.execute_wrapper(wrapper):
        yield


@dataclass
class Known:
    """What the model knows of a case."""

    table: dict
    state: str
    parent: UUID | None = None
    acts: list[str] = field(default_factory=lambda: ["open"])
    waiting_since: datetime | None = None


class Clients(RuleBasedStateMachine):
    """People who act, a worker who fires clocks, and a machine that dies."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.cases: dict[UUID, Known] = {}

    def until_answered(self, kill, request) -> tuple[Any, bool]:
        """Ask, and after a kill ask again; the answer and whether the first try had been stored."""
        try:
            with killed_at(kill):
                return request(), False
        except (KilledError, DatabaseError, InterfaceError):
            answer = request()
            return answer, getattr(answer, "replayed", False)

    @initialize()
    def begin(self):
        self.submit(None)
        self.ask(next(iter(self.cases)), "take", None)

    @rule(kill=KILLS)
    def submit(self, kill):
        key = key_for({"text": "取材料"}, f"submit-{next(_numbers)}")
        answer, replayed = self.until_answered(kill, lambda: store_case(self.drafted(), key=key, now=self.now))
        assert replayed == (kill == (1, "after"))
        self.cases[answer.id] = Known(ERRAND, answer.state)

    def drafted(self):
        return new_case(draft(), GUO, self.now)

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), action=st.sampled_from(ACTIONS), kill=KILLS)
    def act(self, data, action, kill):
        case = data.draw(st.sampled_from(list(self.cases)))
        self.ask(case, action, kill)

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), kill=KILLS)
    def go_on(self, data, kill):
        """Something that the state allows, so that cases come to an end."""
        case = data.draw(st.sampled_from(list(self.cases)))
        if possible := sorted(self.cases[case].table[self.cases[case].state]):
            self.ask(case, data.draw(st.sampled_from(possible)), kill)

    def ask(self, case, action, kill):
        known = self.cases[case]
        given = {"text": "一句话", "unit": WATER}
        key = key_for(given, f"act-{next(_numbers)}")
        command = ActCommand(case, action, given, proofs=EVERYBODY, key=key)
        if action not in known.table[known.state] or (action == "finish" and self.open_children(case)):
            self.refused(command)
            return
        answer, replayed = self.until_answered(kill, lambda: act(command, GUO, self.now))
        assert replayed == (kill == (2, "after"))
        assert act(command, GUO, self.now) == replace(answer, replayed=True)  # the impatient click twice
        known.acts.append(action)
        known.state = known.table[known.state][action] or known.state
        known.waiting_since = self.now if action == "finish" else known.waiting_since
        assert (answer.version, answer.state) == (len(known.acts), known.state)
        if action == "ask":
            child = Case.objects.filter(parent_id=case).exclude(pk__in=self.cases).get()
            self.cases[child.id] = Known(HELP, "asked", parent=case)

    def refused(self, command):
        process = {"errand": ERRAND, "help": HELP}[Case.objects.get(pk=command.case_id).process]
        unknown = all(command.action not in acts for acts in process.values())
        with pytest.raises(ActionUnknown if unknown else ActionRefused):
            act(command, GUO, self.now)

    def open_children(self, case):
        return [one for one in self.cases.values() if one.parent == case and one.table[one.state]]

    @rule(minutes=st.sampled_from([0, 1, 30, 61, 600]))
    def wait(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(kill=KILLS)
    def fire(self, kill):
        self.until_answered(kill, lambda: fire_due_clocks(self.now))
        for known in self.cases.values():
            if known.state == "waiting" and self.now >= known.waiting_since + timedelta(minutes=60):
                known.acts.append("lapse")
                known.state = "done"

    @rule()
    def look(self):
        """The database says what the model says."""
        for case_id, known in self.cases.items():
            case = Case.objects.get(pk=case_id)
            history = HistoryRow.objects.filter(case_id=case_id).order_by("version", "at", "id")
            assert (case.state, case.version) == (known.state, len(known.acts))
            assert [row.action for row in history if row.kind == "act"] == known.acts
            assert case.final == (not known.table[known.state])
            self.look_at_clocks(case)
            self.look_at_records(case_id, len(history))

    def look_at_clocks(self, case):
        open_clocks = Counter(
            ClockRow.objects.filter(case=case, state__in=["running", "paused"]).values_list("code", flat=True)
        )
        assert not open_clocks or max(open_clocks.values()) == 1
        assert not (case.final and open_clocks)

    def look_at_records(self, case_id, rows):
        subject = f"case:{case_id}"
        assert Entry.objects.filter(subject=subject).count() == rows
        assert OutboxRow.objects.filter(subject=subject).count() == rows

    def teardown(self):
        self.look()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_or_done_twice_when_processes_die(real_town):
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    bounded = settings(deadline=None, max_examples=30, stateful_step_count=25, suppress_health_check=checks)
    run_state_machine_as_test(Clients, settings=bounded)
