"""A whole index is made by one process at a time beside the worker; changes are taken over by the worker itself."""

import sys
from datetime import UTC, datetime

import pytest

from zhicheng.config.processes import indexing
from zhicheng.config.processes.indexing import Indexer

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
COMMAND = [sys.executable, "-m", "zhicheng.config.processes.indexer"]


class Child:
    def __init__(self) -> None:
        self.code: int | None = None

    def poll(self) -> int | None:
        return self.code


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], Child]]:
    made: list[tuple[list[str], Child]] = []

    def start(command: list[str], **_: object) -> Child:
        made.append((command, Child()))
        return made[-1][1]

    monkeypatch.setattr(indexing.subprocess, "Popen", start)
    monkeypatch.setattr(indexing, "is_index_to_be_made", lambda: True)
    return made


class TestIndexer:
    def test_takes_a_change_over_itself(self, monkeypatch: pytest.MonkeyPatch, children: list[object]) -> None:
        monkeypatch.setattr(indexing, "is_index_to_be_made", lambda: False)
        monkeypatch.setattr(indexing, "refresh_index", lambda _at: 3)
        assert Indexer().attempt(NOW) == 3
        assert children == []

    def test_has_one_process_make_the_whole(self, children: list[tuple[list[str], Child]]) -> None:
        indexer = Indexer()
        assert [indexer.attempt(NOW) for _ in range(3)] == [0, 0, 0]
        assert [command for command, _ in children] == [COMMAND]

    def test_starts_another_one_when_the_next_is_due(self, children: list[tuple[list[str], Child]]) -> None:
        indexer = Indexer()
        indexer.attempt(NOW)
        children[0][1].code = 0
        indexer.attempt(NOW)
        indexer.attempt(NOW)
        assert len(children) == 2

    def test_pauses_after_one_that_failed(
        self, children: list[tuple[list[str], Child]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        indexer = Indexer()
        indexer.attempt(NOW)
        children[0][1].code = 1
        assert [indexer.attempt(NOW) for _ in range(3)] == [0, 0, 0]
        assert len(children) == 1
        monkeypatch.setattr(indexing, "_PAUSE_S", 0.0)
        children[0][1].code = None
        indexer._due_at_s = 0.0
        indexer.attempt(NOW)
        assert len(children) == 2
