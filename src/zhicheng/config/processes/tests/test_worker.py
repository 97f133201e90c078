"""The worker's lanes, with duties of the tests."""

import os
import threading
from collections.abc import Callable
from datetime import datetime
from threading import Event

import pytest

from zhicheng.config.processes.furnishing import Furnisher
from zhicheng.config.processes.worker import Duty, Lane, Stop, lanes, work
from zhicheng.kit.errors import ErrorKind, ZhichengError

pytestmark = pytest.mark.django_db(transaction=True)


class Trouble(ZhichengError):
    """A fault that a duty may have."""

    code, kind, message = "test.trouble", ErrorKind.UNAVAILABLE, "这次不行。"


def lane(name: str, run: Callable[[datetime], int]) -> Lane:
    return Lane(name, [Duty(name, run, 0.0)])


class TestWork:
    def test_keeps_no_lane_waiting_for_another(self):
        stop, begun, counted = Stop(), Event(), Event()
        rounds = []

        def count(_at: datetime) -> int:
            rounds.append(begun.wait(10))
            if len(rounds) == 5:
                counted.set()
                stop.ask()
            return 1

        def make(_at: datetime) -> int:
            begun.set()
            assert counted.wait(10)  # as long as the other lane goes on
            return 1

        assert work([lane("prompt", count), lane("patient", make)], stop) == 0
        assert rounds[:5] == [True] * 5

    def test_lets_a_patient_lane_stand_back_and_no_other(self):
        stop, found = Stop(), {}

        def look(name: str) -> Callable[[datetime], int]:
            def run(_at: datetime) -> int:
                found[name] = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
                if len(found) == 2:
                    stop.ask()
                return 1

            return run

        usual = os.getpriority(os.PRIO_PROCESS, 0)
        patient = Lane("patient", [Duty("patient", look("patient"), 0.0)], niceness=3)
        assert work([lane("prompt", look("prompt")), patient], stop) == 0
        assert found == {"prompt": usual, "patient": min(19, usual + 3)}

    def test_goes_on_after_a_fault(self):
        stop, tries = Stop(), []

        def refuse(_at: datetime) -> int:
            tries.append(1)
            if len(tries) == 2:
                stop.ask()
            raise Trouble

        assert work([lane("prompt", refuse)], stop) == 0
        assert len(tries) == 2

    def test_ends_as_a_whole_when_a_lane_falls_over(self):
        def fall(_at: datetime) -> int:
            raise RuntimeError("not to be survived")

        assert work([lane("prompt", lambda _at: 0), lane("patient", fall)], Stop()) == 1


class TestLanes:
    @pytest.mark.parametrize(("place", "expected"), [("", 0), ("s3://city-lake/sz", 1)])
    def test_have_one_of_their_own_for_the_copy_where_one_is_wanted(self, settings, place: str, expected: int):
        settings.LAKE_S3 = place
        assert [lane.name for lane in lanes(Furnisher())].count("copying") == expected
