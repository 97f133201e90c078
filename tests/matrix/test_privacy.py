"""Personal data: masked for those who work on a case, in full only for a stated purpose, and then on record."""

import pytest

from tests.matrix.people import NAME
from tests.matrix.world import World
from tests.running import RESIDENT

pytestmark = [pytest.mark.running]
MASKED = f"{RESIDENT[:3]}****{RESIDENT[-4:]}"


class TestPersonalData:
    def test_is_masked_on_the_page_of_the_handler(self, world: World) -> None:
        page = world.people["h1"].get(f"/workbench/cases/{world.numbers['here']}/").text
        assert MASKED in page
        assert RESIDENT not in page
        assert NAME not in page
        assert NAME[0] in page

    def test_is_the_owner_s_own_to_see(self, world: World) -> None:
        page = world.people["ow"].get("/account/").text
        assert NAME in page

    def test_is_shown_for_a_purpose_and_the_ledger_keeps_who_looked(self, world: World) -> None:
        before = _looks(world)
        path = f"/workbench/cases/{world.numbers['here']}/reveal/"
        page = world.people["h1"].post(path, data={"purpose": "contact"})
        assert page.status_code == 200
        assert RESIDENT in page.text
        assert NAME in page.text
        assert _looks(world) == before + 1
        assert RESIDENT not in world.people["h1"].get(f"/workbench/cases/{world.numbers['here']}/").text

    def test_is_not_shown_without_a_purpose(self, world: World) -> None:
        before = _looks(world)
        answer = world.people["h1"].post(f"/workbench/cases/{world.numbers['here']}/reveal/", data={"purpose": "看看"})
        assert answer.status_code == 422
        assert RESIDENT not in answer.text
        assert _looks(world) == before

    def test_is_in_no_log_and_in_no_ledger_entry(self, world: World) -> None:
        said = "".join(path.read_text(errors="replace") for path in world.city.home.glob("log/*.log"))
        assert said, "no log to look at"
        assert RESIDENT not in said
        assert NAME not in said
        entries = "SELECT count(*) FROM ledger_entry WHERE concat(actor, subject, reason, rule, data) LIKE %s"
        assert world.city.rows(entries, f"%{RESIDENT}%") == [(0,)]

    def test_is_sealed_in_the_database(self, world: World) -> None:
        tables = [name for (name,) in world.city.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        open_in = [
            table
            for table in tables
            if world.city.rows(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', f"%{RESIDENT}%") != [(0,)]
        ]
        assert open_in == []


def _looks(world: World) -> int:
    found: int = world.city.rows("SELECT count(*) FROM ledger_entry WHERE action LIKE '%%reveal%%'")[0][0]
    return found
