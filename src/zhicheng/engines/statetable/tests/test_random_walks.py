"""The engine against the model: random actions, inputs, waits and firings of three processes."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from zhicheng.engines.statetable.clocks import recompute_clock, schedule
from zhicheng.engines.statetable.definition import Process, parse_process
from zhicheng.engines.statetable.firing import fire
from zhicheng.engines.statetable.tests.model import MinuteCalendar, ModelCase, Refused, Table, instant_of, minute_of
from zhicheng.engines.statetable.tests.pack import at, pack_process, shenzhen_calendar
from zhicheng.engines.statetable.tests.tables import APPEAL, ASSIST, KETTLE, KETTLE_BODY
from zhicheng.engines.statetable.transition import (
    ActionForbidden,
    ActionRefused,
    ActionUnknown,
    CaseState,
    Request,
    apply,
    available_actions,
    open_case,
)
from zhicheng.kit.clock import CHINA
from zhicheng.kit.errors import FieldErrors, ZhichengError

WORK = shenzhen_calendar(2025, 2026)
CALENDARS = {"working": WORK}
MINUTES = MinuteCalendar(WORK.exceptions, date(2026, 1, 1), 360)
KIND_OF = {ActionUnknown: "unknown", ActionForbidden: "forbidden", ActionRefused: "refused", FieldErrors: "fields"}

LIMITS = st.sampled_from(
    [
        {"working_days": 1},
        {"working_days": 3, "source": "示意"},
        {"hours": 24, "calendar": "always"},
        {"hours": 3, "calendar": "working"},
        {"minutes": 30},
    ]
)
WAITS = st.sampled_from([0, 1, 7, 10, 21, 30, 60, 240, 420, 1440, 2 * 1440, 5 * 1440])
TEXTS = st.sampled_from([0, 1, 2, 4, 5, 9, 10, 19, 20, 40, 40, 40, 501, 1001, 5001]).map(lambda size: "路" * size)
UNITS = st.sampled_from(["FT-HOUSING", "S440304001", "CO-WATER"])
ACTORS = st.sampled_from(["account:chen", "account:liu"])


@dataclass
class Pair:
    """One case twice."""

    process: Process
    case: CaseState
    model: ModelCase
    parent: "Pair | None" = None


class Walk(RuleBasedStateMachine):
    """Steps shared by the three processes."""

    process: Process
    table: Table
    starts: tuple[str, ...] = ("",)

    def __init__(self) -> None:
        super().__init__()
        self.minute = minute_of(at("02-10 09:30"))
        self.pairs: list[Pair] = []
        self.ended: dict[tuple[int, str, int], object] = {}

    @property
    def now(self):
        return instant_of(self.minute)

    @initialize(data=st.data(), wait=WAITS, limit=LIMITS, urgent=st.booleans(), unit=UNITS)
    def open(self, data, wait, limit, urgent, unit):
        self.minute += wait
        facts = {"limit": limit, "urgent": urgent, "handled_by": unit}
        self.add(self.process, self.table, unit, facts, state=data.draw(st.sampled_from(self.starts)))

    def add(self, process, table, unit, facts, *, parent=None, state=""):
        change = open_case(process, CaseState(state, unit, facts, title="路灯不亮"), self.now, CALENDARS)
        model = ModelCase(table, MINUTES, unit, facts, self.minute, state)
        self.pairs.append(Pair(process, change.case, model, parent))

    @rule(minutes=WAITS)
    def wait(self, minutes):
        if self.minute < minute_of(at("09-20 09:30")):
            self.minute += minutes

    @rule()
    def fire_due(self):
        for pair in self.pairs:
            found = fire(pair.process, pair.case.clocks, self.now, CALENDARS)
            due = [(clock, clock.fire(self.minute)) for clock in pair.model.clocks]
            wanted = {(clock.code, clock.round): told for clock, told in due if told}
            assert {(one.clock.code, one.clock.round): (one.share, one.level) for one in found} == {
                place: (share, level) for place, (share, level, _) in wanted.items()
            }
            self.replace_clocks(pair, [one.clock for one in found])
            for one in found:
                overdue = wanted[one.clock.code, one.clock.round][2]
                assert one.then == (pair.model.table.then.get(one.clock.code, "") if overdue else "")
                if one.then:
                    self.both(pair, one.then, {"system"}, {}, "system:clocks")

    @rule()
    def publish_the_same_calendar_again(self):
        for pair in self.pairs:
            running = [clock for clock in pair.case.clocks if clock.state == "running"]
            stages = {clock.code: pair.process.clocks[clock.code].stages for clock in running}
            assert [
                schedule(recompute_clock(clock, CALENDARS), stages[clock.code], CALENDARS) for clock in running
            ] == running

    def replace_clocks(self, pair, fresh):
        by_place = {(clock.code, clock.round): clock for clock in fresh}
        clocks = tuple(by_place.get((clock.code, clock.round), clock) for clock in pair.case.clocks)
        pair.case = replace(pair.case, clocks=clocks)

    def context(self, pair, actor, drawn=None):
        children = sum(1 for other in self.pairs if other.parent is pair and not other.model.is_final)
        return {"open_children": children, "actor": actor, "assist_limit": {"working_days": 3}, **(drawn or {})}

    def both(self, pair, action, who, given, actor, drawn=None):
        """One action on case and model: both do it, or both refuse for the same kind of reason."""
        context, before = self.context(pair, actor, drawn), pair.case
        wanted = self.of_model(pair.model, action, who, given, context)
        request = Request(action, frozenset(who), given, context)
        change, refused = self.of_engine(pair, request)
        assert refused == wanted
        if change is None:
            return
        assert (change.from_state, change.from_unit, change.final) == (before.state, before.unit, pair.model.is_final)
        pair.case = change.case
        assert [child.unit for child in change.children] == pair.model.opened
        for child in change.children:
            self.add(pack_process(child.process), ASSIST, child.unit, dict(child.facts), parent=pair)

    def of_model(self, model, action, who, given, context):
        try:
            model.act(action, who, given, context, self.minute)
        except Refused as refused:
            return str(refused)
        return ""

    def of_engine(self, pair, request):
        try:
            return apply(pair.process, pair.case, request, self.now, CALENDARS), ""
        except ZhichengError as error:
            return None, KIND_OF[type(error)]

    @invariant()
    def case_and_model_agree(self):
        for pair in self.pairs:
            case, model = pair.case, pair.model
            assert (case.state, case.unit) == (model.state, model.unit)
            assert len(case.clocks) == len(model.clocks)
            for clock, wanted in zip(case.clocks, model.clocks, strict=True):
                assert (clock.code, clock.round, clock.state, clock.stage) == (
                    wanted.code,
                    wanted.round,
                    wanted.state,
                    wanted.stage,
                )
                assert abs(clock.due_at.timestamp() - wanted.due * 60) <= 1
                if clock.state == "paused":
                    assert abs(clock.remaining_s - (wanted.total - wanted.used) * 60) <= 1

    @invariant()
    def clocks_are_sound(self):
        for index, pair in enumerate(self.pairs):
            open_clocks = Counter(clock.code for clock in pair.case.clocks if clock.is_open)
            assert not open_clocks or max(open_clocks.values()) == 1
            assert not (open_clocks and pair.process.states[pair.case.state].final)
            for clock in pair.case.clocks:
                waits = clock.state == "running" and clock.stage < len(pair.process.clocks[clock.code].stages)
                assert (clock.next_fire_at is not None) == waits
                if not clock.is_open:  # what has ended never changes
                    assert self.ended.setdefault((index, clock.code, clock.round), clock) == clock

    @invariant()
    def offered_actions_are_those_of_the_state(self):
        for pair in self.pairs:
            everybody = frozenset(who for action in pair.process.actions.values() for who in action.who)
            offered = {
                action.code
                for action in available_actions(pair.process, pair.case, everybody, self.context(pair, "account:guo"))
            }
            allowed = {
                code
                for code, act in pair.model.table.acts.items()
                if pair.model.state in act.sources or "*" in act.sources
            }
            assert offered <= allowed
            assert not (offered and pair.model.is_final)


class AppealWalk(Walk):
    """processes/appeal.yaml with children on processes/assist.yaml."""

    process, table = pack_process("appeal"), APPEAL
    starts = ("", "assigned", "handling", "handling", "follow_up")
    usual = frozenset(
        {"cases.handle", "cases.supervise", "cases.triage", "cases.arbitrate", "requester", "parent_handler"}
    )
    who = st.one_of(st.just(usual), st.just(usual), st.frozensets(st.sampled_from(sorted(usual | {"creator"}))))
    given = st.fixed_dictionaries(
        {
            "text": TEXTS,
            "reason": TEXTS,
            "item": st.sampled_from(["water.outage", ""]),
            "unit": UNITS,
            "into": st.just("SZ1"),
        },
        optional={
            "until": st.sampled_from([-1, 0, 1, 2, 2, 60, 61, "x"]),
            "days": st.sampled_from([0, 1, 2, "7", 15, 16, "x"]),
            "score": st.sampled_from([0, 1, 2, 3, "4", 5, 6]),
            "outcome": st.sampled_from(["solved", "partly", "nonsense"]),
        },
    )
    drawn = st.fixed_dictionaries(
        {
            "unit": st.one_of(UNITS, UNITS, st.none()),
            "arbiter_unit": UNITS,
            "rated_unit": UNITS,
            "limit": LIMITS,
            "urgent": st.booleans(),
            "merged_into": st.just("SZ1"),
        }
    )

    def day(self, ahead):
        today = self.now.astimezone(CHINA).date()
        return ahead if isinstance(ahead, str) else (today + timedelta(days=ahead)).isoformat()

    @precondition(lambda self: self.pairs)
    @rule(data=st.data(), who=who, given=given, actor=ACTORS, drawn=drawn)
    def act(self, data, who, given, actor, drawn):
        """Any action on any case, right or wrong."""
        pair = data.draw(st.sampled_from(self.pairs))
        action = data.draw(st.sampled_from([*pair.model.table.acts, "fly"]))
        given = {**given, "until": self.day(given.get("until", "x"))}
        self.both(pair, action, set(who), given, actor, drawn)

    @precondition(lambda self: self.pairs)
    @rule(data=st.data(), actor=ACTORS, drawn=drawn, score=st.integers(1, 5), days=st.integers(1, 15), unit=UNITS)
    def go_on(self, data, actor, drawn, score, days, unit):
        """An action that the state allows, well filled in: so that walks come far."""
        pair = data.draw(st.sampled_from(self.pairs))
        given = {"text": "路" * 20, "reason": "路" * 20, "item": "water.outage", "outcome": "solved"}
        given |= {"score": score, "days": days, "unit": unit, "into": "SZ1", "until": self.day(days)}
        drawn = {**drawn, "unit": unit}
        pair.model.context = self.context(pair, actor, drawn)
        acts = pair.model.table.acts.items()
        ahead = [code for code, act in acts if pair.model.state in act.sources and act.guard(pair.model)]
        if ahead := sorted({*ahead} - {"withdraw", "merge", "supplement", "contact", "note"}):
            self.both(pair, data.draw(st.sampled_from(ahead)), {*self.usual, "system"}, given, actor, drawn)


class KettleWalk(Walk):
    """A process of nothing but clocks."""

    process, table = parse_process(KETTLE_BODY), KETTLE

    @precondition(lambda self: self.pairs)
    @rule(action=st.sampled_from(sorted(KETTLE.acts)), days=st.integers(0, 4))
    def act(self, action, days):
        self.both(self.pairs[0], action, {"cook"}, {"days": days}, "account:chen")


TestAppealWalk = pytest.mark.slow(AppealWalk.TestCase)
TestAppealWalk.settings = settings(deadline=None, max_examples=50, stateful_step_count=40)
TestKettleWalk = KettleWalk.TestCase
TestKettleWalk.settings = settings(deadline=None, max_examples=60, stateful_step_count=30)
