from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from zhicheng.core.cases.errors import CaseChanged, CaseNotFound
from zhicheng.core.cases.gate import acting
from zhicheng.core.cases.models import Case, ClockRow, HistoryRow
from zhicheng.core.cases.public import get_case, new_case, store_case
from zhicheng.core.cases.registry import ProcessHooks, process_hooks
from zhicheng.core.cases.tests.protocol import round_trips
from zhicheng.core.cases.tests.town import (
    CHEN,
    GUO,
    LIU,
    NOW,
    WATER,
    WORKS,
    do,
    draft,
    key_for,
    later,
    opened,
    resident,
)
from zhicheng.core.cases.values import Preparation
from zhicheng.core.ledger.errors import IdempotencyKeyReused
from zhicheng.core.ledger.models import Entry, OutboxRow
from zhicheng.engines.statetable.transition import ActionForbidden, ActionRefused, ActionUnknown
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.sqltext import Part


def counts():
    return [model.objects.count() for model in (Case, ClockRow, HistoryRow, Entry, OutboxRow)]


@pytest.mark.django_db(transaction=True)
class TestRoundTrips:
    def test_are_counted_on_the_wire(self, real_town):
        with round_trips() as counted, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        assert counted.trips == 3

    def test_of_an_act_are_two(self, real_town):
        case = opened()
        do(case.id, "take")
        with round_trips() as counted:
            do(case.id, "note", given={"text": "第一天"}, key=key_for({"a": 1}))
        assert counted.trips == 2

    def test_of_an_act_that_opens_a_child_are_two(self, real_town):
        case = opened()
        do(case.id, "take")
        do(case.id, "ask", given={"unit": WATER})  # reads the child's process once
        with round_trips() as counted:
            do(case.id, "ask", given={"unit": WATER})
        assert counted.trips == 2

    def test_of_a_new_case_are_one_and_of_a_repeat_two(self, real_town):
        opened()  # reads process and calendar once
        with round_trips() as counted:
            store_case(new_case(draft(), CHEN, NOW), key=key_for({}), now=NOW)
        with round_trips() as repeated:
            store_case(new_case(draft(), CHEN, NOW), key=key_for({}), now=NOW)
        assert (counted.trips, repeated.trips) == (1, 2)

    def test_of_a_refusal_leave_no_transaction_open(self, real_town):
        case = opened()
        do(case.id, "note", given={"text": "预热"})
        with round_trips() as counted, pytest.raises(ActionRefused):
            do(case.id, "finish")
        assert counted.trips == 2
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND mode = 'RowShareLock'")
            assert cursor.fetchone() == (0,)


@pytest.mark.django_db
class TestStoreCase:
    def test_writes_case_clocks_history_ledger_and_outbox_at_once(self, town):
        before = counts()
        case = opened()
        assert [after - old for after, old in zip(counts(), before, strict=True)] == [1, 1, 1, 1, 1]
        assert case.due_at == later(days=3, hours=8)  # Thursday 18:00 in China
        assert get_case(CHEN, case.id).row.unit == WORKS

    def test_same_key_twice_is_one_case_with_the_same_answer(self, town):
        first = store_case(new_case(draft(), CHEN, NOW), key=key_for({"text": "路灯"}), now=NOW)
        before = counts()
        second = store_case(new_case(draft(), CHEN, NOW), key=key_for({"text": "路灯"}), now=later(minutes=5))
        assert (second.id, second.number, second.due_at) == (first.id, first.number, first.due_at)
        assert (first.replayed, second.replayed) == (False, True)
        assert counts() == before

    def test_same_key_with_another_body_is_refused(self, town):
        store_case(new_case(draft(), CHEN, NOW), key=key_for({"text": "路灯"}), now=NOW)
        before = counts()
        with pytest.raises(IdempotencyKeyReused) as refused:
            store_case(new_case(draft(), CHEN, NOW), key=key_for({"text": "停水"}), now=NOW)
        assert refused.value.kind.value == 422
        assert counts() == before

    def test_a_family_is_stored_in_one_statement_once_per_key(self, town):
        def family():
            parent = new_case(draft(), CHEN, NOW)
            children = [new_case(draft(unit, parent=parent.id), CHEN, NOW) for unit in (WORKS, WATER)]
            return store_case(parent, children=children, key=key_for({}), now=NOW)

        opened()
        before = counts()
        with round_trips() as counted:
            first = family()
        assert [after - old for after, old in zip(counts(), before, strict=True)] == [3, 3, 3, 3, 3]
        assert counted.trips == 1
        assert family().number == first.number
        assert sorted(Case.objects.filter(parent=first.id).values_list("unit_id", flat=True)) == [WATER, WORKS]

    def test_a_key_is_free_again_after_seven_days(self, town):
        first = store_case(new_case(draft(), CHEN, NOW), key=key_for({}), now=NOW)
        after = later(days=7, seconds=1)
        second = store_case(new_case(draft(), CHEN, after), key=key_for({}), now=after)
        assert second.id != first.id
        assert not second.replayed


@pytest.mark.django_db
class TestRowsOfAnApp:
    def hooked(self, monkeypatch, text: str):
        part = Part("own", text, (str(NOW),))
        monkeypatch.setitem(
            process_hooks._entries, "errand", ProcessHooks(lambda *_: Preparation(parts=lambda _gate: [part]))
        )

    def test_are_stored_with_the_act(self, town, monkeypatch):
        case = opened()
        self.hooked(monkeypatch, "UPDATE cases_case SET title = %s WHERE title = 'another' RETURNING id")
        assert do(case.id, "take").state == "doing"

    def test_that_cannot_be_stored_undo_the_act(self, town, monkeypatch):
        case = opened()
        self.hooked(monkeypatch, "INSERT INTO cases_case (number) VALUES (%s) RETURNING id")
        with pytest.raises(DatabaseError), transaction.atomic():
            do(case.id, "take")
        assert get_case(CHEN, case.id).row.state == "open"


@pytest.mark.django_db
class TestAct:
    def test_moves_the_case_and_writes_history_once(self, town):
        case = opened()
        before = counts()
        result = do(case.id, "take", expected_version=1)
        assert (result.version, result.state, result.replayed) == (2, "doing", False)
        assert [after - old for after, old in zip(counts(), before, strict=True)] == [0, 0, 1, 1, 1]
        assert [item.action for item in get_case(CHEN, case.id).history] == ["open", "take"]

    def test_same_key_twice_is_done_once_even_where_it_could_be_done_again(self, town):
        case = opened()
        first = do(case.id, "note", given={"text": "记一笔"}, key=key_for({"text": "记一笔"}))
        before = counts()
        second = do(case.id, "note", given={"text": "记一笔"}, key=key_for({"text": "记一笔"}))
        assert (second.version, second.replayed) == (first.version, True)
        assert counts() == before
        assert get_case(CHEN, case.id).row.version == 2

    def test_same_key_twice_is_answered_where_it_could_not_be_done_again(self, town):
        case = opened()
        first = do(case.id, "take", key=key_for({}), expected_version=1)
        second = do(case.id, "take", key=key_for({}), expected_version=1)
        assert (second.state, second.version, second.replayed) == (first.state, first.version, True)

    @pytest.mark.parametrize("action", ["note", "take"])
    def test_same_key_with_another_body_is_refused(self, town, action):
        case = opened()
        do(case.id, action, given={"text": "一"}, key=key_for({"text": "一"}))
        before = counts()
        with pytest.raises(IdempotencyKeyReused):
            do(case.id, action, given={"text": "二"}, key=key_for({"text": "二"}))
        assert counts() == before

    def test_a_refused_act_keeps_its_key_free(self, town):
        case = opened()
        with pytest.raises(ActionRefused):
            do(case.id, "finish", key=key_for({}))
        do(case.id, "take")
        assert not do(case.id, "finish", key=key_for({})).replayed

    def test_refuses_whoever_saw_an_older_version(self, town):
        case = opened()
        do(case.id, "take")
        with pytest.raises(CaseChanged, match=case.number):
            do(case.id, "note", given={"text": "看到的是旧的"}, expected_version=1)

    @pytest.mark.parametrize(
        ("action", "actor", "error"),
        [
            ("take", LIU, CaseNotFound),  # another unit
            ("fly", CHEN, ActionUnknown),
            ("longer", CHEN, ActionForbidden),
            ("finish", CHEN, ActionRefused),
            ("note", CHEN, FieldErrors),
        ],
    )
    def test_says_no_and_changes_nothing(self, town, action, actor, error):
        case = opened()
        before = counts()
        with pytest.raises(error):
            do(case.id, action, actor)
        assert counts() == before
        assert get_case(CHEN, case.id).row.version == 1

    def test_does_not_tell_a_missing_case_from_a_hidden_one(self, town):
        with pytest.raises(CaseNotFound) as missing:
            do(uuid4(), "take")
        with pytest.raises(CaseNotFound) as hidden:
            do(opened().id, "take", LIU)
        assert str(missing.value) == str(hidden.value)

    @pytest.mark.parametrize("unit", ["SZ-NOWHERE", "'; DROP TABLE cases_case; --", "yx"])
    def test_refuses_a_unit_that_does_not_exist_beside_its_field(self, town, unit):
        case = opened()
        with pytest.raises(FieldErrors) as refused:
            do(case.id, "pass_on", given={"unit": unit})
        assert list(refused.value.fields) == ["unit"]

    def test_refuses_a_file_number_that_is_none(self, town):
        case = opened()
        with pytest.raises(FieldErrors) as refused:
            do(case.id, "note", given={"text": "见照片", "files": ["../../etc/passwd"]})
        assert list(refused.value.fields) == ["files"]

    def test_a_closed_case_takes_no_act_and_has_no_running_clock(self, town):
        fang = resident()
        case = opened(requester=fang.party_id)
        do(case.id, "take")
        do(case.id, "drop", fang)
        assert not ClockRow.objects.filter(case_id=case.id, state__in=["running", "paused"]).exists()
        assert Case.objects.get(pk=case.id).due_at is None
        for action in ("take", "note", "drop"):
            with pytest.raises((ActionRefused, ActionForbidden)):
                do(case.id, action, given={"text": "还想写"})


@pytest.mark.django_db(transaction=True)
class TestFailureInTheMiddle:
    def broken(self, *args, **kwargs):
        return [Part("history", "INSERT INTO cases_history (id) VALUES (NULL)")]

    def test_leaves_nothing_behind(self, real_town, monkeypatch):
        case = opened()
        before = counts()
        monkeypatch.setattr(acting, "record_parts", self.broken)
        with pytest.raises(DatabaseError):
            do(case.id, "take", key=key_for({}))
        monkeypatch.undo()
        assert counts() == before
        assert get_case(CHEN, case.id).row.state == "open"
        assert not do(case.id, "take", key=key_for({})).replayed

    def test_a_failing_read_leaves_the_connection_usable(self, real_town):
        case = opened()
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 1")
        with pytest.raises(DatabaseError), acting.work() as work:
            work.read([("SELECT pg_sleep(1)", ())])
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        assert do(case.id, "take").version == 2


@pytest.mark.django_db
class TestHistory:
    @pytest.mark.parametrize(
        "statement",
        ["UPDATE cases_history SET label = '改'", "DELETE FROM cases_history"],
    )
    def test_refuses_to_be_changed(self, town, statement):
        opened()
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_shows_the_requester_only_what_is_public(self, town):
        fang = resident()
        case = opened(requester=fang.party_id)
        do(case.id, "note", given={"text": "内部意见"})
        do(case.id, "take")
        assert [item.action for item in get_case(fang, case.id).history] == ["open", "take"]
        assert len(get_case(GUO, case.id).history) == 3
