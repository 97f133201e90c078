"""Kill -9 under load: what happened to cases is in the lake, once, as it stands in the transactional store."""

import pytest

from tests.crash.conftest import Survivor
from zhicheng.core.lake.public import connect

pytestmark = [pytest.mark.crash, pytest.mark.slow]


class TestLake:
    def test_has_each_case_once_in_its_newest_state(self, survivor: Survivor) -> None:
        with connect(["case"], root=survivor.city.home / "lake") as lake:
            found = lake.execute('SELECT number, state, steps FROM "case" ORDER BY number').fetchall()
        stored = survivor.city.rows("SELECT number, state, version FROM cases_case")
        assert found == sorted(stored)

    def test_has_each_line_of_the_history_once(self, survivor: Survivor) -> None:
        with connect(["case_step"], root=survivor.city.home / "lake") as lake:
            found = lake.execute("SELECT step_id, action FROM case_step ORDER BY step_id").fetchall()
        assert found == survivor.city.rows("SELECT id::text, action FROM cases_history ORDER BY id")
