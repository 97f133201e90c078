"""Kill -9 at random instants, under load: what was acknowledged is there, once, with everything that belongs to it."""

import json

import pytest

from tests.crash.conftest import ROUNDS, Survivor
from tests.crash.killing import EVERYTHING

pytestmark = [pytest.mark.crash, pytest.mark.slow]


class TestCrashes:
    def test_were_as_many_and_as_hard_as_promised(self, survivor: Survivor, record_property) -> None:
        for crash, recovery_s in zip(survivor.rounds, survivor.recoveries_s, strict=True):
            print(f"{crash.victim:<14} after {crash.after_s:.1f} s, back in {recovery_s:.1f} s")
        print(f"{len(survivor.acknowledged)} appeals acknowledged, slowest recovery {max(survivor.recoveries_s):.1f} s")
        record_property("recovery_max_s", round(max(survivor.recoveries_s), 1))
        record_property("acknowledged", len(survivor.acknowledged))
        assert len(survivor.recoveries_s) == ROUNDS
        assert sum(crash.victim == EVERYTHING for crash in survivor.rounds) * 2 >= ROUNDS
        assert len(survivor.acknowledged) > ROUNDS * 4, "too little load to prove anything"

    def test_never_made_the_city_refuse_a_good_request(self, survivor: Survivor) -> None:
        assert survivor.surprises == []


class TestAcknowledgedAppeals:
    def test_are_all_there_once_and_nothing_else_is(self, survivor: Survivor) -> None:
        stored = [number for (number,) in survivor.city.rows("SELECT number FROM cases_case")]
        told = [number for _, number in survivor.logged]
        assert len(set(told)) == len(told) == len({key for key, _ in survivor.logged})
        assert sorted(stored) == sorted(told)

    def test_have_their_words_their_opening_and_their_entry(self, survivor: Survivor) -> None:
        incomplete = survivor.city.rows("""
            SELECT c.number FROM cases_case c
            WHERE (SELECT count(*) FROM appeals_appeal a WHERE a.case_id = c.id AND a.text <> '') <> 1
               OR (SELECT count(*) FROM cases_history h WHERE h.case_id = c.id AND h.action = 'open') <> 1
               OR (SELECT count(*) FROM ledger_entry e WHERE e.subject = 'case:' || c.id
                     AND e.action = 'cases.appeal.open') <> 1
        """)
        assert incomplete == []

    def test_have_their_clocks(self, survivor: Survivor) -> None:
        rows = survivor.city.rows("""
            SELECT c.number, c.urgent, array_agg(k.code ORDER BY k.code)
            FROM cases_case c LEFT JOIN cases_clock k ON k.case_id = c.id GROUP BY c.id
        """)
        always = {"response", "feedback", "resolve"}
        wrong = [row for row in rows if set(row[2]) != always | ({"dispatch"} if row[1] else set())]
        assert wrong == []
        assert {urgent for _, urgent, _ in rows} == {True, False}, "both kinds should have been tried"

    def test_kept_the_key_with_the_number(self, survivor: Survivor) -> None:
        rows = survivor.city.rows("SELECT key, result->>'number' FROM ledger_idempotency WHERE scope LIKE 'appeals:%'")
        assert sorted(rows) == sorted(survivor.logged)


class TestWorkAroundTheCrashes:
    def test_fired_no_stage_of_a_clock_twice(self, survivor: Survivor) -> None:
        """A clock that slept through stages fires once for all of them: never more lines than stages passed."""
        fired, too_often = survivor.city.rows("""
            SELECT sum(lines), count(*) FILTER (WHERE lines > stages) FROM (
                SELECT (SELECT count(*) FROM cases_history h WHERE h.case_id = c.id AND h.kind = 'clock') AS lines,
                       (SELECT sum(k.stage) FROM cases_clock k WHERE k.case_id = c.id) AS stages
                FROM cases_case c) AS told
        """)[0]
        assert fired > 0, "no clock fired while processes died"
        assert too_often == 0

    def test_left_no_case_half_done(self, survivor: Survivor) -> None:
        """History, case and ledger tell the same version of every case."""
        torn = survivor.city.rows("""
            SELECT c.number FROM cases_case c
            WHERE c.version <> (SELECT max(h.version) FROM cases_history h WHERE h.case_id = c.id)
               OR (SELECT count(*) FROM cases_history h WHERE h.case_id = c.id)
                  <> (SELECT count(*) FROM ledger_entry e WHERE e.subject = 'case:' || c.id)
        """)
        assert torn == []

    def test_left_the_ledger_whole(self, survivor: Survivor) -> None:
        done = survivor.city.run("ledger", "verify", "--json")
        report = json.loads(done.stdout)
        assert done.returncode == 0, report
        assert report["intact"]
        assert report["entries"] >= len(survivor.logged)

    def test_left_no_unit_untold(self, survivor: Survivor) -> None:
        silent = survivor.city.rows("""
            SELECT c.number FROM cases_case c
            WHERE NOT EXISTS (SELECT 1 FROM notices_notice n WHERE n.link LIKE '%' || c.number || '%')
        """)
        assert silent == []
