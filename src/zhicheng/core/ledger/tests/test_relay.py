"""The outbox relay: delivery, poison events, crashes, parking, live pages."""

import json
import threading
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction

from zhicheng.core.ledger.models import Entry as EntryRow
from zhicheng.core.ledger.models import OutboxRow
from zhicheng.core.ledger.operations.relay import live_payload
from zhicheng.core.ledger.public import (
    LIVE_CHANNEL,
    ledger_gauges,
    list_parked,
    record,
    relay_outbox,
    retry_parked,
    subscribe,
)
from zhicheng.core.ledger.tests.builders import NOW, entry, event

pytestmark = pytest.mark.usefixtures("no_subscribers")
HOUR = timedelta(hours=1)


def put(*events):
    with transaction.atomic():
        record(events=events)


@pytest.mark.django_db
class TestRelayOutbox:
    def test_calls_the_subscribers_of_the_prefix_in_order(self):
        seen = []
        subscribe("case.", "history", lambda event, now: seen.append((event.subject, now)))
        put(event(1), event(2, "party.changed"), event(3, "case.closed"))
        assert relay_outbox(now=NOW) == 3
        assert seen == [("case:1", NOW), ("case:3", NOW)]
        assert not OutboxRow.objects.exists()

    def test_takes_no_more_than_the_limit(self):
        put(*[event(number) for number in range(5)])
        assert [relay_outbox(now=NOW, limit=2) for _ in range(4)] == [2, 2, 1, 0]

    def test_needs_the_same_number_of_queries_for_any_batch(self, django_assert_num_queries):
        subscribe("case.", "history", lambda event, now: None)
        put(*[event(number) for number in range(50)])
        with django_assert_num_queries(7):  # claim, delete, notify, two pairs of savepoints
            relay_outbox(now=NOW)


@pytest.mark.django_db
class TestPoisonEvent:
    @pytest.fixture
    def poison(self):
        def handler(event, now):
            record(entry(event.data["number"]))
            if event.subject == "case:2":
                raise KeyError("grid")

        subscribe("case.", "dispatch", handler)
        put(event(1), event(2), event(3))

    def test_does_not_hold_up_the_others(self, poison):
        assert relay_outbox(now=NOW) == 2
        row = OutboxRow.objects.get()
        assert (row.subject, row.attempts) == ("case:2", 1)
        assert row.failure == "dispatch: KeyError: 'grid'"
        assert row.not_before > NOW

    def test_leaves_no_trace_of_its_handler(self, poison):
        relay_outbox(now=NOW)
        assert sorted(EntryRow.objects.values_list("subject", flat=True)) == ["case:1", "case:3"]

    def test_waits_for_its_time(self, poison):
        relay_outbox(now=NOW)
        relay_outbox(now=NOW)
        assert OutboxRow.objects.get().attempts == 1

    def test_is_parked_after_ten_attempts_and_counted(self, poison):
        for hour in range(12):
            relay_outbox(now=NOW + hour * HOUR)
        gauges = ledger_gauges(NOW + 12 * HOUR)
        assert (gauges.outbox_rows, gauges.outbox_parked, gauges.outbox_oldest_s) == (1, 1, 0.0)
        parked = list_parked()[0]
        assert (parked.event.subject, parked.attempts) == ("case:2", 10)

    def test_is_delivered_when_the_operator_retries_after_a_repair(self, poison, monkeypatch):
        for hour in range(12):
            relay_outbox(now=NOW + hour * HOUR)
        monkeypatch.setattr("zhicheng.core.ledger.registry.subscriptions._entries", {})
        named = [OutboxRow.objects.get().event]
        assert retry_parked(actor="account:operator", now=NOW, events=[uuid4()]) == 0
        assert retry_parked(actor="account:operator", now=NOW, events=named) == 1
        assert relay_outbox(now=NOW) == 1
        assert EntryRow.objects.filter(action="ledger.retry_parked").count() == 2

    def test_that_breaks_the_database_transaction_is_contained(self):
        def handler(event, now):
            record(events=[event])  # its own identifier again: a unique violation

        subscribe("case.", "echo", handler)
        put(event(1), event(2, "party.changed"))
        assert relay_outbox(now=NOW) == 1
        failure = OutboxRow.objects.get().failure
        assert failure.startswith(f"echo: {IntegrityError.__name__}: duplicate key")
        assert "DETAIL" not in failure


class SimulatedCrash(BaseException):
    """What no handler of errors may catch: the process is gone."""


@pytest.mark.django_db(transaction=True)
class TestCrash:
    def test_between_handler_and_commit_repeats_the_event_with_one_effect(self, monkeypatch):
        subscribe("case.", "history", lambda event, now: record(entry(1)))
        put(event(1))

        def crash(event):
            raise SimulatedCrash

        with monkeypatch.context() as patch:
            patch.setattr("zhicheng.core.ledger.operations.relay.live_payload", crash)
            with pytest.raises(SimulatedCrash):
                relay_outbox(now=NOW)
        assert (OutboxRow.objects.count(), EntryRow.objects.count()) == (1, 0)
        assert relay_outbox(now=NOW) == 1
        assert (OutboxRow.objects.count(), EntryRow.objects.count()) == (0, 1)

    def test_of_the_connection_inside_a_handler_loses_nothing(self):
        """The server ends the relay's connection while a handler works; the error is not taken for the event's."""
        put(event(1))
        relay_pid = connection.connection.info.backend_pid
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as operator:

            def handler(event, now):
                record(entry(1))
                operator.execute("SELECT pg_terminate_backend(%s, 5000)", (relay_pid,))
                record(entry(2))

            subscribe("case.", "history", handler)
            with pytest.raises((OperationalError, InterfaceError)):
                relay_outbox(now=NOW)
        connection.close()
        assert OutboxRow.objects.get().attempts == 0
        assert not EntryRow.objects.exists()

    def test_two_relays_share_the_work(self):
        put(*[event(number) for number in range(200)])
        seen, counts, start = [], [], threading.Barrier(2)
        subscribe("case.", "history", lambda event, now: seen.append(event.subject))

        def relay():
            start.wait(10)
            counts.extend(iter(lambda: relay_outbox(now=NOW, limit=10), 0))
            connection.close()

        threads = [threading.Thread(target=relay) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert sum(counts) == len(seen) == len(set(seen)) == 200


@pytest.mark.django_db(transaction=True)
class TestLivePages:
    def test_hear_of_delivered_events(self):
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as listener:
            listener.execute(f"LISTEN {LIVE_CHANNEL}")
            put(event(1), event(2))
            relay_outbox(now=NOW)
            heard = [json.loads(notice.payload) for notice in listener.notifies(timeout=5, stop_after=2)]
        assert [(item["type"], item["subject"]) for item in heard] == [
            ("case.created", "case:1"),
            ("case.created", "case:2"),
        ]
        assert heard[0]["data"] == {"number": 1}


class TestLivePayload:
    def test_drops_data_that_does_not_fit(self):
        payload = live_payload(event(1, text="路" * 3_000))
        assert json.loads(payload)["data"] is None
        assert json.loads(payload)["subject"] == "case:1"
