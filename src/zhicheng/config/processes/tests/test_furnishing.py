"""A demo city gets its buildings from one process beside the worker; other cities get none."""

import sys
from datetime import UTC, datetime

import pytest

from zhicheng.config.processes import furnishing
from zhicheng.config.processes.furnishing import Furnisher

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


class Ended:
    def poll(self) -> int:
        return 0


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    commands: list[list[str]] = []

    def start(command: list[str], **_: object) -> Ended:
        commands.append(command)
        return Ended()

    monkeypatch.setattr(furnishing.subprocess, "Popen", start)
    return commands


class TestFurnisher:
    def test_starts_one_process_in_a_demo_city(self, started: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ZHICHENG_DEMO", "1")
        monkeypatch.delenv("ZHICHENG_DEMO_CITY", raising=False)
        furnisher = Furnisher()
        assert [furnisher.attempt(NOW) for _ in range(3)] == [0, 0, 0]
        assert started == [[sys.executable, "-m", "zhicheng.config.processes.furnishing"]]

    @pytest.mark.parametrize("settings", [{}, {"ZHICHENG_DEMO": "1", "ZHICHENG_DEMO_CITY": "0"}])
    def test_leaves_other_cities_alone(
        self, started: list[list[str]], settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("ZHICHENG_DEMO", raising=False)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        assert Furnisher().attempt(NOW) == 0
        assert started == []
