"""What a web process loads before somebody asks."""

import pytest
from django.db import OperationalError

from zhicheng.config.processes import warming
from zhicheng.core.knowledge.values import IndexFigures, IndexState
from zhicheng.core.places.errors import PlacesNotInstalled

READY = IndexState("ready", IndexFigures(1, 1, 1, 1, "none"))


class Loads:
    """Stands in for what a question loads; `fails` are raised by the first tries."""

    def __init__(self, monkeypatch, *fails: Exception, states: tuple[IndexState, ...] = (READY,)) -> None:
        self.fails, self.states, self.asked = list(fails), list(states), []
        monkeypatch.setattr(warming, "search", lambda query: self.asked.append(query.text))
        monkeypatch.setattr(warming, "locate_address", self._locate)
        monkeypatch.setattr(warming, "get_index_state", lambda: self.states.pop(0))
        monkeypatch.setattr(warming.connections, "close_all", lambda: None)
        monkeypatch.setattr(warming.time, "sleep", self.asked.append)

    def _locate(self, text: str) -> None:
        self.asked.append(text)
        if self.fails:
            raise self.fails.pop(0)


class TestWarming:
    def test_loads_index_embedder_and_map_after_the_start(self, monkeypatch):
        loads = Loads(monkeypatch)
        warming.warm_soon().join(5)
        assert loads.asked[0] == warming.AFTER_S
        assert len(loads.asked) == 3

    @pytest.mark.parametrize("fault", [PlacesNotInstalled(), OperationalError("away")])
    def test_waits_for_a_city_that_is_being_made(self, monkeypatch, fault):
        loads = Loads(monkeypatch, fault, states=(IndexState("missing"), READY))
        warming.warm_soon().join(5)
        assert loads.states == []
        assert len(loads.asked) == 3 * 3
