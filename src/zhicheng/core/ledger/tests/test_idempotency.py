"""One request sent twice: in a row, at once, with another body, after a week."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from zhicheng.core.ledger.errors import IdempotencyKeyReused
from zhicheng.core.ledger.models import Entry as EntryRow
from zhicheng.core.ledger.models import IdempotencyRow
from zhicheng.core.ledger.operations.parts import entry_part, fresh_key_part
from zhicheng.core.ledger.policy.canonical import idempotency_key
from zhicheng.core.ledger.public import idempotently, purge_idempotency, recall, record
from zhicheng.core.ledger.tests.builders import NOW, entry
from zhicheng.kit.sqltext import Part, compose

KEY = idempotency_key("portal:chen-jie", "k-1", {"text": "路灯不亮"})
OTHER_BODY = idempotency_key("portal:chen-jie", "k-1", {"text": "噪音扰民"})
WEEK = timedelta(days=7, seconds=1)


def write_once(key, result, now=NOW, made=None):
    """A hot write: claims the key and writes an entry in one statement; whether it was the first."""
    parts = [fresh_key_part("fresh", key, result, now), entry_part("e", [made or entry(1)], "fresh")]
    sql, params = compose(parts, Part("", "SELECT fresh FROM fresh"))
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone() is not None


@pytest.mark.django_db
class TestFreshKeyPart:
    def test_opens_the_gate_once(self):
        assert write_once(KEY, {"number": "SZ1"})
        assert not write_once(KEY, {"number": "SZ2"}, made=entry(2))
        assert EntryRow.objects.count() == 1
        assert recall(KEY, now=NOW) == {"number": "SZ1"}

    def test_treats_a_key_older_than_a_week_as_free(self):
        write_once(KEY, {"number": "SZ1"})
        assert recall(OTHER_BODY, now=NOW + WEEK) is None
        assert write_once(OTHER_BODY, {"number": "SZ2"}, NOW + WEEK, entry(2))
        assert recall(OTHER_BODY, now=NOW + WEEK) == {"number": "SZ2"}

    def test_keeps_keys_of_two_scopes_apart(self):
        write_once(KEY, {"number": "SZ1"})
        neighbour = idempotency_key("portal:lin-tao", "k-1", {"text": "井盖缺失"})
        assert write_once(neighbour, {"number": "SZ2"}, made=entry(2))


@pytest.mark.django_db
class TestRecall:
    def test_refuses_the_same_key_with_another_body(self):
        write_once(KEY, {"number": "SZ1"})
        with pytest.raises(IdempotencyKeyReused):
            recall(OTHER_BODY, now=NOW)

    def test_knows_nothing_of_a_fresh_key(self):
        assert recall(KEY, now=NOW) is None


@pytest.mark.django_db
class TestIdempotently:
    def test_runs_once_and_repeats_the_result(self):
        calls = []

        def operation():
            calls.append(1)
            return {"at": NOW}

        first, second = (idempotently(KEY, NOW, operation) for _ in range(2))
        assert first == second == {"at": "2026-03-02T01:00:00+00:00"}
        assert calls == [1]

    def test_leaves_the_key_free_when_the_operation_fails(self):
        def fail():
            raise ConnectionError("短信网关没有应答")

        with pytest.raises(ConnectionError):
            idempotently(KEY, NOW, fail)
        assert idempotently(KEY, NOW, lambda: {"ok": True}) == {"ok": True}

    def test_refuses_another_body(self):
        idempotently(KEY, NOW, lambda: {"ok": True})
        with pytest.raises(IdempotencyKeyReused):
            idempotently(OTHER_BODY, NOW, lambda: {"ok": False})


@pytest.mark.django_db
class TestPurge:
    def test_deletes_old_keys_in_batches(self):
        for number in range(5):
            write_once(idempotency_key("bulk", f"k{number}", {}), {}, NOW, entry(number))
        write_once(KEY, {}, NOW + WEEK, entry(9))
        assert [purge_idempotency(now=NOW + WEEK, limit=3) for _ in range(3)] == [3, 2, 0]
        assert IdempotencyRow.objects.get().key == "k-1"


@pytest.mark.django_db(transaction=True)
class TestConcurrentRequests:
    def test_one_of_eight_writes_and_all_get_its_result(self):
        start, results = threading.Barrier(8), []

        def request(number):
            start.wait(10)
            write_once(KEY, {"number": f"SZ{number}"}, made=entry(number))
            results.append(recall(KEY, now=NOW))
            connection.close()

        _run([threading.Thread(target=request, args=(number,)) for number in range(8)])
        assert EntryRow.objects.count() == 1
        assert len(results) == 8
        assert all(result == results[0] for result in results)

    def test_second_waits_for_the_first_and_takes_over_when_it_fails(self):
        claimed, outcome = threading.Event(), []

        def second():
            claimed.wait(10)
            outcome.append(idempotently(KEY, NOW, lambda: {"by": "second"}))
            connection.close()

        thread = threading.Thread(target=second)
        thread.start()
        with transaction.atomic():
            idempotently(KEY, NOW, lambda: {"by": "first"})
            claimed.set()
            _until_someone_waits()
            transaction.set_rollback(True)
        thread.join(10)
        assert outcome == [{"by": "second"}]

    def test_operation_runs_once_for_eight_requests_at_once(self):
        start, results = threading.Barrier(8), []

        def request(number):
            def operation():
                record(entry(number))
                return {"number": number}

            start.wait(10)
            results.append(idempotently(KEY, NOW, operation))
            connection.close()

        _run([threading.Thread(target=request, args=(number,)) for number in range(8)])
        assert EntryRow.objects.count() == 1
        assert {result["number"] for result in results} == {results[0]["number"]}


def _run(threads):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


def _until_someone_waits():
    for _ in range(1_000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("nobody waited for the key")
