"""The people and cases of the matrix, made once."""

import pytest

from tests.matrix.making import build
from tests.matrix.world import World
from tests.running import City


@pytest.fixture(scope="session")
def world(city: City) -> World:
    return build(city)
