"""How many appeals there are before and after: what is refused stores nothing."""

from collections.abc import Callable, Iterator

import pytest

from tests.running import City, Visitor


@pytest.fixture
def visitor(city: City) -> Visitor:
    """Somebody with an address of their own, who has opened a form."""
    somebody = city.visitor()
    somebody.get("/appeals/new/")
    somebody.headers["X-CSRFToken"] = somebody.cookies["csrftoken"]
    return somebody


@pytest.fixture
def count(city: City) -> Callable[[], int]:
    """Counts the appeals in the city."""
    return lambda: int(city.rows("SELECT count(*) FROM appeals_appeal")[0][0])


@pytest.fixture
def nothing_stored(count: Callable[[], int]) -> Iterator[None]:
    """After the test there are as many appeals as before."""
    before = count()
    yield
    assert count() == before
