"""Alarms: what a rule says, told once, as a case; storms are one."""

from datetime import timedelta

import pytest

from zhicheng.core.cases.models import Case
from zhicheng.core.cases.public import act
from zhicheng.core.cases.values import ActCommand
from zhicheng.core.parties.values import Actor, ActorKind, Grant
from zhicheng.core.telemetry.models import Alarm, AlarmMember, Signal
from zhicheng.core.telemetry.operations.alarms import raising, watching
from zhicheng.core.telemetry.operations.alarms.raising import close_alarm, raise_alarms
from zhicheng.core.telemetry.operations.alarms.silence import notice_silence
from zhicheng.core.telemetry.operations.devices.keeping import plan_maintenance
from zhicheng.core.telemetry.tests.devices import SYSTEM, Sending, install_town, registered, stream_of
from zhicheng.core.telemetry.tests.sensing import NOW

HANDLER = Actor(
    ActorKind.OFFICIAL, account_id=None, name="陈师傅", grants=(Grant("h", "YX-WORKS", frozenset({"cases.handle"})),)
)


def _at(seconds: float):
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def sending(db) -> Sending:
    install_town()
    return Sending()


@pytest.fixture
def noise(sending) -> int:
    registered("N1")
    return stream_of("N1", "noise_db")


class TestRaising:
    def test_waits_until_the_condition_has_lasted(self, sending, noise):
        sending.send((noise, 0, 80), (noise, 200, 81))
        assert raise_alarms(_at(200)) == 0
        sending.send((noise, 301, 82))
        assert raise_alarms(_at(302)) == 1
        case = Case.objects.get(process="device_alarm")
        assert (case.unit_id, case.state, case.title) == ("YX-WORKS", "open", "噪声超标：N1 号")
        assert "测得 82，高于 75，持续 5 分钟" in case.facts["task"]

    def test_dips_below_start_the_waiting_again(self, sending, noise):
        sending.send((noise, 0, 80), (noise, 200, 60), (noise, 250, 80), (noise, 400, 80))
        assert raise_alarms(_at(400)) == 0

    def test_hysteresis_keeps_one_alarm_while_values_swing(self, sending, noise):
        sending.send((noise, 0, 80), (noise, 301, 80), (noise, 400, 72), (noise, 500, 80), (noise, 900, 80))
        raise_alarms(_at(900))
        assert Alarm.objects.count() == 1
        assert Signal.objects.count() == 1

    def test_ends_by_itself_and_the_case_with_it(self, sending, noise):
        sending.send((noise, 0, 80), (noise, 301, 80))
        raise_alarms(_at(301))
        sending.send((noise, 400, 60))
        raise_alarms(_at(401))
        assert Case.objects.get().state == "recovered"
        assert Alarm.objects.get().cleared_at is not None

    def test_stays_in_hand_when_somebody_has_taken_it(self, sending, noise):
        sending.send((noise, 0, 80), (noise, 301, 80))
        raise_alarms(_at(301))
        act(ActCommand(Case.objects.get().pk, "acknowledge"), HANDLER, _at(310))
        sending.send((noise, 400, 60))
        raise_alarms(_at(401))
        case = Case.objects.get()
        assert (case.state, case.facts["recovered"]) == ("acknowledged", True)
        sending.send((noise, 500, 80), (noise, 801, 80))
        raise_alarms(_at(802))
        assert (Alarm.objects.count(), AlarmMember.objects.get().times) == (1, 2)
        assert Case.objects.get().facts["recovered"] is False

    def test_late_and_far_future_data_open_nothing(self, sending, noise):
        sending.send((noise, 1000, 60))
        sending.send((noise, 0, 99), (noise, 301, 99), (noise, 999, 99))
        raise_alarms(_at(1001))
        assert Alarm.objects.count() == 0

    def test_begun_and_over_before_anybody_looked_is_told_and_recovered(self, sending, noise):
        sending.send((noise, 0, 80), (noise, 301, 80), (noise, 400, 60))
        raise_alarms(_at(401))
        assert Case.objects.get().state == "recovered"
        assert Alarm.objects.get().active == 0

    def test_over_and_begun_again_before_anybody_looked_stays_on(self, sending, noise):
        sending.send((noise, 0, 80), (noise, 301, 80))
        raise_alarms(_at(301))
        sending.send((noise, 400, 60), (noise, 500, 80), (noise, 801, 80))
        raise_alarms(_at(802))
        assert Alarm.objects.latest("id").active == 1

    def test_a_closed_case_makes_room_for_a_new_one(self, sending, noise):
        sending.send((noise, 0, 80), (noise, 301, 80))
        raise_alarms(_at(301))
        close_alarm(Case.objects.get().pk, _at(310))
        sending.send((noise, 400, 60), (noise, 500, 80), (noise, 801, 80))
        raise_alarms(_at(802))
        assert Alarm.objects.count() == 2


class TestTogether:
    def test_smoke_and_heat_of_one_building_are_a_fire(self, sending):
        registered("S1", "S2", model="smoke_detector", group="B-7")
        smoke, heat = stream_of("S1", "smoke"), stream_of("S2", "temperature")
        sending.send((smoke, 0, 0.5))
        raise_alarms(_at(1))
        assert list(Alarm.objects.values_list("rule", flat=True)) == ["smoke_detector/smoke"]
        sending.send((heat, 5, 80))
        raise_alarms(_at(6))
        assert Alarm.objects.filter(rule="smoke_detector/fire", severity="critical").count() == 1

    def test_noticed_at_once_are_one_fire_and_over_when_one_of_them_is(self, sending):
        registered("S1", "S2", model="smoke_detector", group="B-7")
        smoke, heat = stream_of("S1", "smoke"), stream_of("S2", "temperature")
        sending.send((smoke, 0, 0.5), (heat, 0, 80))
        raise_alarms(_at(1))
        fire = Alarm.objects.get(rule="smoke_detector/fire")
        sending.send((smoke, 60, 0.0))
        raise_alarms(_at(61))
        fire.refresh_from_db()
        assert (fire.active, Case.objects.get(pk=fire.case_id).state) == (0, "recovered")

    def test_elsewhere_they_are_not(self, sending):
        registered("S1", model="smoke_detector", group="B-7")
        registered("S2", model="smoke_detector", group="B-8")
        sending.send((stream_of("S1", "smoke"), 0, 0.5), (stream_of("S2", "temperature"), 5, 80))
        raise_alarms(_at(6))
        assert Alarm.objects.filter(rule="smoke_detector/fire").count() == 0


class TestStorms:
    def test_many_silent_devices_are_one_alarm_with_a_list(self, sending):
        keys = [f"N{number}" for number in range(60)]
        registered(*keys, "LOUD")
        sending.send(*((stream_of(key, "noise_db"), 0, 50) for key in keys))
        sending.send((stream_of("LOUD", "noise_db"), 1000, 50))
        assert notice_silence(_at(1000)) == 60
        raise_alarms(_at(1001))
        alarm = Alarm.objects.get()
        assert (alarm.members, AlarmMember.objects.count(), Case.objects.count()) == (60, 60, 1)
        assert "60 台设备" in Case.objects.get().title
        sending.send(*((stream_of(key, "noise_db"), 1100, 50) for key in keys))
        notice_silence(_at(1100))
        raise_alarms(_at(1101))
        assert Alarm.objects.get().active == 0
        assert Case.objects.get().state == "recovered"

    def test_nobody_is_silent_while_we_hear_nobody(self, sending, noise):
        sending.send((noise, 0, 50))
        assert notice_silence(_at(5000)) == 0


class TestMaintenance:
    def test_holds_alarms_back_until_it_ends(self, sending, noise):
        plan_maintenance("N1", (NOW, _at(600)), "换电池", actor=SYSTEM, now=NOW)
        sending.send((noise, 0, 80), (noise, 301, 80))
        raise_alarms(_at(302))
        assert Alarm.objects.count() == 0
        raise_alarms(_at(601))
        assert Alarm.objects.count() == 1

    def test_forgets_what_ended_meanwhile(self, sending, noise):
        plan_maintenance("N1", (NOW, _at(600)), "换电池", actor=SYSTEM, now=NOW)
        sending.send((noise, 0, 80), (noise, 301, 80), (noise, 400, 60))
        raise_alarms(_at(401))
        raise_alarms(_at(601))
        assert Alarm.objects.count() == 0

    def test_keeps_nobody_behind_them_waiting(self, sending, noise, monkeypatch):
        monkeypatch.setattr(raising, "_AT_ONCE", 1)
        registered("N2")
        plan_maintenance("N1", (NOW, _at(600)), "换电池", actor=SYSTEM, now=NOW)
        sending.send((noise, 0, 80), (noise, 301, 80))
        other = stream_of("N2", "noise_db")
        sending.send((other, 310, 80), (other, 620, 80))
        raise_alarms(_at(599))
        assert AlarmMember.objects.get().thing.name == "N2 号"
        sending.send((noise, 700, 60))
        raise_alarms(_at(599))
        assert Signal.objects.filter(done=False).count() == 0


class TestSurviving:
    def test_what_was_noticed_but_not_stored_is_told_by_the_next_collector(self, sending, noise, monkeypatch):

        monkeypatch.setattr(watching.Watcher, "_store", lambda self: None)
        sending.send((noise, 0, 80), (noise, 301, 80))
        assert Signal.objects.count() == 0
        monkeypatch.undo()
        watching._watcher.cache_clear()
        sending.send((noise, 400, 80))
        assert Signal.objects.filter(kind="raise").count() == 1
