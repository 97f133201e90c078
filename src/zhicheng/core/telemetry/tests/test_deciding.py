"""Alarms that a rule of the rulebook decides: over a window, by the hour, and again while it says no."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from zhicheng.core.cases.models import Case
from zhicheng.core.packs.public import PackSource, sections
from zhicheng.core.telemetry.models import Alarm, Signal
from zhicheng.core.telemetry.operations.alarms import deciding
from zhicheng.core.telemetry.operations.alarms.raising import raise_alarms
from zhicheng.core.telemetry.tests.devices import RULES, TINYTOWN, Sending, install_town, registered, stream_of
from zhicheng.core.telemetry.tests.sensing import NOW

OPEN, SHUT = 0, 8 * 3600  # seconds from ten in the morning: within the market's hours, and after them


def _at(seconds: float):
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def sending(db) -> Sending:
    install_town(RULES)
    return Sending()


@pytest.fixture
def people(sending) -> int:
    registered("C1", model="crowd_counter")
    return stream_of("C1", "people")


def _full(people: int, begin: int, *counts: float):
    return [(people, begin + 60 * minute, count) for minute, count in enumerate(counts)]


class TestDecide:
    def test_the_mean_of_the_window_says_how_grave_it_is(self, sending, people):
        sending.send(*_full(people, OPEN, 700, 800, 900, 1000))
        raise_alarms(_at(OPEN + 181))
        alarm, case = Alarm.objects.get(), Case.objects.get()
        assert (alarm.severity, case.urgent) == ("warning", False)
        assert "集市安全管理办法" in alarm.reason["verdict"]
        assert "时段内平均 850" in alarm.reason["verdict"]

    def test_the_gravest_is_an_urgent_case(self, sending, people):
        sending.send(*_full(people, OPEN, 950, 960, 970))
        raise_alarms(_at(OPEN + 121))
        assert (Alarm.objects.get().severity, Case.objects.get().urgent) == ("critical", True)

    def test_what_is_none_opens_nothing_and_is_asked_again(self, sending, people, monkeypatch):
        sending.send(*_full(people, OPEN, 300, 300, 300))
        raise_alarms(_at(OPEN + 121))
        assert Alarm.objects.count() == 0
        asked = []
        monkeypatch.setattr(deciding, "evaluate", lambda *_, **__: asked.append(1))
        raise_alarms(_at(OPEN + 150))
        assert asked == []  # not before a minute has passed

    def test_becomes_one_when_the_hour_changes_it(self, sending, people):
        sending.send(*_full(people, SHUT - 3600 - 120, 300, 300, 300))
        raise_alarms(_at(SHUT - 3600))
        assert Alarm.objects.count() == 0
        sending.send(*_full(people, SHUT - 120, 310, 310, 310))
        raise_alarms(_at(SHUT + 1))
        assert Alarm.objects.get().severity == "warning"
        assert "测得 310" in Case.objects.get().facts["task"]

    def test_readings_of_the_past_are_judged_by_their_hour(self, sending, people):
        sending.send(*_full(people, OPEN, 300, 300, 300, 300, 300, 300, 300, 300))
        raise_alarms(_at(SHUT + 600))
        assert Alarm.objects.count() == 0

    def test_whoever_has_fallen_silent_is_not_asked_again(self, sending, people):
        sending.send(*_full(people, SHUT - 3600, 300, 300, 300))
        raise_alarms(_at(SHUT - 3400))
        raise_alarms(_at(SHUT + 60))
        assert Alarm.objects.count() == 0
        assert Signal.objects.filter(done=False).count() == 1

    def test_is_forgotten_when_it_ends_meanwhile(self, sending, people):
        sending.send(*_full(people, SHUT - 3600, 300, 300, 300))
        raise_alarms(_at(SHUT - 3400))
        sending.send(*_full(people, SHUT - 3300, 100))
        raise_alarms(_at(SHUT - 3299))
        raise_alarms(_at(SHUT + 60))
        assert Alarm.objects.count() == 0
        assert not Signal.objects.filter(done=False).exists()

    def test_begun_and_over_before_anybody_looked_is_forgotten(self, sending, people):
        sending.send(*_full(people, OPEN, 300, 300, 300, 100))
        raise_alarms(_at(OPEN + 200))
        assert Alarm.objects.count() == 0
        assert not Signal.objects.filter(done=False).exists()

    def test_raises_as_the_model_says_where_the_rule_does_not_know(self, sending, people, monkeypatch):
        """The readings are not to be had: an alarm is not kept back for that."""
        nothing = np.empty(0)
        monkeypatch.setattr(deciding, "_windows", lambda asked, _: {each.signal.pk: nothing for each in asked})
        sending.send(*_full(people, OPEN, 700, 700, 700))
        raise_alarms(_at(OPEN + 121))
        assert Alarm.objects.get().severity == "notice"
        assert "情况不明" in Alarm.objects.get().reason["verdict"]


class TestNumber:
    @pytest.mark.parametrize(
        ("value", "number"),
        [(1.23456, Decimal("1.2346")), (float("nan"), None), (float("inf"), None), (2e9, None), (None, None)],
    )
    def test_is_what_a_rule_can_calculate_with(self, value, number):
        assert deciding._number(value) == number


class TestCheck:
    def test_names_a_rule_that_is_not_there(self):
        values = {code: sections[code].load(TINYTOWN).value for code in ("rules", "processes", "units", "devices")}
        [row] = [item for item in values["devices"] if item.value.code == "crowd_counter"]
        for rule, fault in (
            ("alarm.unheard_of", "devices.unknown_rule"),
            ("stall.licence.eligible", "devices.other_rule"),
        ):
            row.value.alarms[0].rule = rule
            found = sections["devices"].check([row], PackSource(TINYTOWN, "tinytown", "1.0.0", values))
            assert [one.code for one in found] == [fault]
