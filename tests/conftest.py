"""The running city that the tests of whole behaviour share: one a session, started as a person starts it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import City

_TOO_OFTEN = 5  # once or twice may be a database that was away; what is broken fails every second


@pytest.fixture(scope="session")
def city() -> Iterator[City]:
    """A demo city. ZHICHENG_TEST_CITY=<home>:<port> names one that runs already, to look into a failure at leisure."""
    if running := os.environ.get("ZHICHENG_TEST_CITY"):
        home, _, port = running.rpartition(":")
        there = City(home=Path(home), port=int(port))
        yield there
        there.see_visitors_off()
        return
    with City() as started:
        yield started
        failing = {duty: times for duty, times in started.failed_duties().items() if times >= _TOO_OFTEN}
        assert failing == {}, "the worker cannot do its duties; its log says why"
