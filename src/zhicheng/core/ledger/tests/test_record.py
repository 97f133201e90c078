"""Writing entries and events."""

import json

import pytest
from django.db import IntegrityError, connection, transaction

from zhicheng.core.ledger.errors import NotCanonical, NotInTransaction
from zhicheng.core.ledger.models import Entry as EntryRow
from zhicheng.core.ledger.models import OutboxRow
from zhicheng.core.ledger.operations.parts import entry_part, event_part
from zhicheng.core.ledger.policy.chain import entry_digest
from zhicheng.core.ledger.public import list_entries, record
from zhicheng.core.ledger.tests.builders import NOW, entry, event
from zhicheng.kit.sqltext import Part, compose


@pytest.mark.django_db
class TestRecord:
    def test_writes_entries_and_events_in_one_statement(self, django_assert_num_queries):
        with transaction.atomic(), django_assert_num_queries(1):
            record(entry(1, reason="超时升级"), entry(2), events=[event(1)])
        assert EntryRow.objects.count() == 2
        assert OutboxRow.objects.get().subject == "case:1"

    def test_reads_back_what_was_written_with_its_digest(self):
        written = entry(1, reason="市民要求", rule="triage@3", data={"score": 0.25, "units": ["FT-HOUSING"]})
        record(written)
        found = list_entries(subject="case:1").entries[0]
        assert found.entry == written
        assert found.digest == entry_digest(written)
        assert found.seq is None

    def test_refuses_nul_in_a_reason(self):
        with pytest.raises(NotCanonical):
            record(entry(1, reason="路灯\x00坏了"))

    def test_writes_nothing_when_there_is_nothing(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            record()


@pytest.mark.django_db(transaction=True)
class TestRecordOutsideTransaction:
    def test_is_refused(self):
        with pytest.raises(NotInTransaction):
            record(entry(1))


@pytest.mark.django_db
class TestParts:
    def test_insert_nothing_behind_a_closed_gate(self):
        closed = Part("closed", "SELECT 1 WHERE false")
        parts = [closed, entry_part("e", [entry(1)], "closed"), event_part("o", [event(1)], "closed")]
        sql, params = compose(parts, Part("", "SELECT count(*) FROM closed"))
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
        assert not EntryRow.objects.exists()
        assert not OutboxRow.objects.exists()


@pytest.mark.django_db
class TestListEntries:
    def test_pages_newest_first_without_gap_or_repeat(self):
        record(*[entry(number) for number in range(7)])
        seen, after = [], None
        while True:
            page = list_entries(actor="account:wang-fang", after=after, limit=3)
            seen += [recorded.entry.data["number"] for recorded in page.entries]
            after = page.after
            if after is None:
                break
        assert seen == [6, 5, 4, 3, 2, 1, 0]

    def test_finds_nothing_of_another_actor(self):
        record(entry(1))
        assert list_entries(actor="account:li-na").entries == ()


@pytest.mark.django_db
class TestAppendOnly:
    @pytest.mark.parametrize(
        "sql",
        [
            "DELETE FROM ledger_entry",
            "UPDATE ledger_entry SET reason = '改'",
            "UPDATE ledger_entry SET seq = 1",
            "UPDATE ledger_entry SET seq = 1, chain = 'x', reason = '改'",
        ],
    )
    def test_refuses_change_of_an_entry(self, sql):
        record(entry(1))
        with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(sql)

    def test_refuses_sealing_twice(self):
        record(entry(1))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_entry SET seq = 1, chain = 'x'")
            with pytest.raises(IntegrityError, match="append-only"):
                cursor.execute("UPDATE ledger_entry SET seq = 2, chain = 'y'")

    @pytest.mark.parametrize("table", ["ledger_entry", "ledger_checkpoint"])
    def test_refuses_truncate(self, table):
        """The migration leaves this trigger out of test databases, which are emptied by TRUNCATE."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
                "EXECUTE FUNCTION ledger_refuse()"
            )
            with pytest.raises(IntegrityError, match="append-only"):
                cursor.execute(f"TRUNCATE {table}")

    def test_stores_the_instant_and_data_as_given(self):
        record(entry(1, data={"until": NOW}))
        with connection.cursor() as cursor:
            cursor.execute("SELECT data FROM ledger_entry")
            assert json.loads(cursor.fetchone()[0]) == {"until": "2026-03-02T01:00:00+00:00"}
