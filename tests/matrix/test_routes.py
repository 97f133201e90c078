"""Every address × everybody × the objects there are: the status, and that no personal data leaks."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.matrix.asking import Row, all_routes, ask, rows
from tests.matrix.people import COLUMNS, ID_NUMBER, NAME, PENSIONER, WORDS
from tests.matrix.world import CALLER, CALLER_PHONE, World
from tests.running import RESIDENT

pytestmark = [pytest.mark.running]
TABLE = list(rows())
# Who may see whose number and name in full: people their own; a call-taker not even what was typed a moment ago.
PERSONAL = {
    RESIDENT: {"ow"},
    NAME: {"ow"},
    ID_NUMBER: {"ow"},
    PENSIONER: {"ne"},
    CALLER_PHONE: set(),
    CALLER: set(),
}
_asked: dict[str, dict[str, httpx.Response]] = {}


@pytest.fixture
def answers(world: World, request: pytest.FixtureRequest) -> dict[str, httpx.Response]:
    """What everybody is answered to a row; asked once for all tests of the row."""
    row: Row = request.getfixturevalue("row")
    if row.words not in _asked:
        tried = [column for column in COLUMNS if row.expected[column] is not None]
        with ThreadPoolExecutor(4) as pool:
            _asked[row.words] = dict(zip(tried, pool.map(lambda column: ask(world, row, column), tried), strict=True))
    return _asked[row.words]


def _differences(row: Row, answers: dict[str, httpx.Response]) -> Iterator[str]:
    for column, answer in answers.items():
        if answer.status_code != row.expected[column]:
            yield f"{WORDS[column]} ({column}): {answer.status_code}, not {row.expected[column]}"


class TestTable:
    def test_has_a_row_for_every_address(self) -> None:
        assert set(all_routes()) - {row.route for row in TABLE} == set()

    def test_names_no_address_that_is_gone(self) -> None:
        assert {row.route for row in TABLE} - set(all_routes()) == set()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.words)
class TestAddress:
    def test_answers_each_as_the_table_says(self, row: Row, answers: dict[str, httpx.Response]) -> None:
        assert list(_differences(row, answers)) == []

    def test_shows_personal_data_to_nobody_else(self, row: Row, answers: dict[str, httpx.Response]) -> None:
        leaks = [
            f"{words} to {WORDS[column]}"
            for column, answer in answers.items()
            if "/events/" not in row.route
            for words, allowed in PERSONAL.items()
            if words in answer.text and column not in allowed
        ]
        assert leaks == []

    def test_never_stumbles(self, row: Row, answers: dict[str, httpx.Response]) -> None:
        """An error has a number to ask for and a Chinese sentence; what is refused is kept out of caches."""
        for column, answer in answers.items():
            assert answer.status_code < 500, f"{WORDS[column]}: {row.words}"
            if answer.status_code >= 400 and not row.route.startswith(("/static/", "/events/")):
                assert answer.headers.get("X-Request-ID"), f"{column} {row.words}"
                assert answer.headers.get("Cache-Control", "").find("no-store") >= 0 or answer.status_code == 405
