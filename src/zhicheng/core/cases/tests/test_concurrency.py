from functools import partial

import pytest

from zhicheng.core.cases.errors import CaseChanged
from zhicheng.core.cases.models import Case, HistoryRow
from zhicheng.core.cases.public import fire_due_clocks, get_row, new_case, store_case
from zhicheng.core.cases.tests.threads import split, together
from zhicheng.core.cases.tests.town import (
    CHEN,
    GUO,
    LIU,
    NOW,
    TWO_HOURS,
    WATER,
    do,
    draft,
    key_for,
    later,
    opened,
    resident,
)
from zhicheng.core.ledger.errors import IdempotencyKeyReused
from zhicheng.core.ledger.models import OutboxRow
from zhicheng.engines.statetable.transition import ActionRefused

pytestmark = pytest.mark.django_db(transaction=True)


def submit(body="路灯"):
    return store_case(new_case(draft(), CHEN, NOW), key=key_for({"text": body}), now=NOW)


class TestSameKeyAtOnce:
    def test_eight_submissions_are_one_case(self, real_town):
        results, errors = split(together(*[submit] * 8))
        assert errors == []
        assert Case.objects.count() == 1
        assert len({result.id for result in results}) == 1
        assert sorted(result.replayed for result in results) == [False] + [True] * 7

    def test_of_two_bodies_one_is_refused_whole(self, real_town):
        jobs = [partial(submit, "路灯")] * 4 + [partial(submit, "停水")] * 4
        results, errors = split(together(*jobs))
        assert Case.objects.count() == 1
        assert len(results) == 4
        assert [type(error) for error in errors] == [IdempotencyKeyReused] * 4

    @pytest.mark.parametrize(("action", "given"), [("take", {}), ("note", {"text": "记一笔"})])
    def test_eight_acts_are_one(self, real_town, action, given):
        case = opened()
        job = partial(do, case.id, action, given=given, key=key_for(given))
        results, errors = split(together(*[job] * 8))
        assert errors == []
        assert {result.version for result in results} == {2}
        assert sorted(result.replayed for result in results) == [False] + [True] * 7
        assert HistoryRow.objects.filter(case_id=case.id, action=action).count() == 1


class TestTwoClerksAtOnce:
    def test_one_takes_the_case_and_the_other_is_told(self, real_town):
        for _ in range(5):
            case = opened()
            results, errors = split(together(partial(do, case.id, "take"), partial(do, case.id, "take", GUO)))
            assert len(results) == 1
            assert [type(error) for error in errors] == [ActionRefused]
            assert HistoryRow.objects.filter(case_id=case.id, action="take").count() == 1

    def test_what_was_seen_before_is_not_built_upon(self, real_town):
        case = opened()
        jobs = [
            partial(do, case.id, "note", actor, given={"text": "看到第一版"}, expected_version=1)
            for actor in (CHEN, GUO)
        ]
        results, errors = split(together(*jobs))
        assert len(results) == 1
        assert [type(error) for error in errors] == [CaseChanged]

    def test_eight_notes_are_all_kept_with_versions_in_a_row(self, real_town):
        case = opened()
        jobs = [partial(do, case.id, "note", given={"text": f"第 {index} 条"}) for index in range(8)]
        results, errors = split(together(*jobs))
        assert errors == []
        assert sorted(result.version for result in results) == list(range(2, 10))
        assert HistoryRow.objects.filter(case_id=case.id).count() == 9


class TestChildren:
    def asked(self, count):
        case = opened()
        do(case.id, "take")
        for _ in range(count):
            do(case.id, "ask", given={"unit": WATER})
        return case, list(Case.objects.filter(parent_id=case.id).values_list("id", flat=True))

    def test_hold_back_their_parent_until_the_last_has_ended(self, real_town):
        case, (first, second) = self.asked(2)
        do(first, "help", LIU)
        with pytest.raises(ActionRefused, match="还有人在帮忙"):
            do(case.id, "finish")
        do(second, "recall")
        assert do(case.id, "finish").state == "waiting"

    def test_and_parents_do_not_lock_each_other_out(self, real_town):
        case, children = self.asked(6)
        jobs = [partial(do, child, "help", LIU) for child in children]
        jobs += [partial(do, case.id, "note", given={"text": f"在等 {index}"}) for index in range(4)]
        jobs += [partial(do, case.id, "finish")] * 2
        _, errors = split(together(*jobs))
        assert {type(error) for error in errors} <= {ActionRefused}
        assert Case.objects.filter(parent_id=case.id, final=True).count() == 6
        assert get_row(case.id).state == "waiting" or do(case.id, "finish").state == "waiting"

    def test_never_stay_open_under_a_finished_parent(self, real_town):
        for _ in range(4):
            case, _children = self.asked(0)
            together(
                partial(do, case.id, "finish"),
                partial(do, case.id, "ask", given={"unit": WATER}),
                partial(do, case.id, "ask", given={"unit": WATER}),
            )
            open_children = Case.objects.filter(parent_id=case.id, final=False).count()
            assert (get_row(case.id).state == "waiting") == (open_children == 0)


class TestWorkersAtOnce:
    def test_fire_every_stage_exactly_once(self, real_town):
        cases = [opened(limit=TWO_HOURS) for _ in range(30)]

        def work():
            for _ in range(20):
                fire_due_clocks(later(minutes=85), limit=7)

        assert together(work, work, work) == [None] * 3
        fired = HistoryRow.objects.filter(kind="clock").values_list("case_id", flat=True)
        assert sorted(fired) == sorted(case.id for case in cases)
        assert OutboxRow.objects.filter(type__endswith="clock_warning").count() == 30

    def test_do_every_automatic_step_once_while_people_act(self, real_town):
        fang = resident()
        cases = [opened(requester=fang.party_id) for _ in range(12)]
        for case in cases:
            do(case.id, "take")
            do(case.id, "finish")

        def work():
            for _ in range(6):
                fire_due_clocks(later(minutes=61), limit=5)

        def confirm():
            for case in cases[:6]:
                do(case.id, "confirm", fang, now=later(minutes=61))

        _, errors = split(together(work, work, confirm))
        assert {type(error) for error in errors} <= {ActionRefused}
        assert Case.objects.filter(state="done").count() == 12
        ends = HistoryRow.objects.filter(to_state="done", kind="act").values_list("case_id", flat=True)
        assert sorted(ends) == sorted(case.id for case in cases)
