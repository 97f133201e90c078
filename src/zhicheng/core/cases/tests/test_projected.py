"""Cases in the lake: within one round of the worker, newest state, nothing personal."""

from pathlib import Path

import pytest

from zhicheng.core.cases.tests.town import NOW, TINYTOWN, TWO_HOURS, WATER, do, later, opened, resident
from zhicheng.core.lake.base.declarations import load_tables
from zhicheng.core.lake.policy.schema import KIND, body_of
from zhicheng.core.lake.public import connect, project_changes, rebuild_table
from zhicheng.core.ledger.public import relay_outbox
from zhicheng.core.packs.public import forget_installed_pack, pin_definition

TABLES = ("case", "case_clock", "case_step")


@pytest.fixture
def lake(town, settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    for item in load_tables(TINYTOWN).value:
        if item.value.code in TABLES:
            pin_definition(KIND, item.value.code, body_of(item.value), now=NOW)
    forget_installed_pack()


def follow() -> None:
    relay_outbox(now=later(hours=9))
    project_changes(now=later(hours=9))


def one(sql: str) -> tuple:
    with connect(TABLES) as lake:
        return lake.execute(sql).fetchone()


@pytest.mark.usefixtures("lake")
class TestReadCases:
    def test_follow_a_case_from_opening_to_end(self):
        case = opened(limit=TWO_HOURS, category="water.leak.pipe")
        follow()
        assert one('SELECT state, final, category_1, category_2, on_time FROM "case"') == (
            "open",
            False,
            "water",
            "water.leak",
            None,
        )
        do(case.id, "take", now=later(minutes=5))
        do(case.id, "finish", now=later(hours=1))
        follow()
        assert one('SELECT state, on_time, limit_s FROM "case"') == ("waiting", True, 7200)
        assert one("SELECT state, on_time FROM case_clock WHERE code = 'resolve'") == ("met", True)
        assert one("SELECT count(*), count(DISTINCT step_id), max(actor_kind) FROM case_step") == (3, 3, "account")

    def test_tell_nothing_of_people(self):
        wang = resident("王芳")
        opened(requester=wang.party_id)
        follow()
        with connect(TABLES) as lake:
            told = "".join(str(lake.execute(f'SELECT * FROM "{name}"').fetchall()) for name in TABLES)
        assert "王芳" not in told
        assert "取一份材料" not in told
        assert str(wang.party_id) not in told

    def test_are_the_same_when_made_anew(self):
        for unit in (WATER, "YX-WORKS"):
            opened(unit)
        follow()
        before = [one(f'SELECT count(*), min(unit), max(unit) FROM "{name}"') for name in TABLES]
        for name in TABLES:
            rebuild_table(name, actor="account:clerk", now=later(hours=10))
        assert [one(f'SELECT count(*), min(unit), max(unit) FROM "{name}"') for name in TABLES] == before
