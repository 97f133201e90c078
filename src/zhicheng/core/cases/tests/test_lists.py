from dataclasses import replace
from datetime import timedelta

import pytest

from zhicheng.core.cases.models import Case
from zhicheng.core.cases.public import (
    Purpose,
    count_cases,
    list_cases,
    list_children,
    list_open_points,
    new_case,
    store_case,
    unit_loads,
)
from zhicheng.core.cases.queries.paging import CursorInvalid
from zhicheng.core.cases.tests.town import (
    CHEN,
    GUO,
    LIU,
    NOW,
    TOWN,
    WATER,
    WORKS,
    do,
    draft,
    later,
    official,
    opened,
    resident,
)
from zhicheng.core.cases.values import CaseFilter
from zhicheng.core.parties.values import system_actor


def pages(actor, wanted, *, limit=2):
    """Every row, page by page."""
    found, after = [], ""
    while True:
        page = list_cases(actor, wanted, purpose=Purpose.ANY, after=after, limit=limit)
        found += page.rows
        after = page.after
        if not after:
            return [row.id for row in found]


def titled(*titles):
    cases = [opened() for _ in titles]
    for case, title in zip(cases, titles, strict=True):
        Case.objects.filter(pk=case.id).update(title=title)
    return [case.id for case in cases]


@pytest.fixture
def errands(town):
    """Three open errands, the last one due first, and two that wait for nobody's clock; the newest last."""
    cases = [opened(now=NOW + timedelta(minutes=minute)).id for minute in range(5)]
    for place, case in enumerate(cases[:3]):
        Case.objects.filter(pk=case).update(due_at=NOW + timedelta(hours=9 - place))
    Case.objects.filter(pk__in=cases[3:]).update(due_at=None)
    return cases


class TestOrder:
    def test_by_due_time_puts_cases_without_one_last_newest_first(self, errands):
        first, second, third, old, new = errands
        assert pages(CHEN, CaseFilter(order="due")) == [third, second, first, new, old]

    def test_by_age_shows_the_newest_first(self, errands):
        assert pages(CHEN, CaseFilter(order="newest")) == errands[::-1]

    def test_is_the_same_whatever_the_size_of_a_page(self, errands):
        wanted = CaseFilter(order="due")
        assert pages(CHEN, wanted, limit=1) == pages(CHEN, wanted, limit=3) == pages(CHEN, wanted, limit=50)

    def test_keeps_cases_of_one_instant_apart(self, errands):
        Case.objects.filter(pk__in=errands).update(due_at=NOW)
        assert sorted(pages(CHEN, CaseFilter(order="due"))) == sorted(errands)

    def test_refuses_a_cursor_of_another_order(self, errands):
        page = list_cases(CHEN, CaseFilter(order="due"), limit=1)
        with pytest.raises(CursorInvalid):
            list_cases(CHEN, CaseFilter(order="newest"), after=page.after)
        with pytest.raises(CursorInvalid):
            list_cases(CHEN, CaseFilter(), after="made-up")


class TestParts:
    def test_show_a_case_once_that_concerns_somebody_twice(self, errands):
        case = errands[0]
        do(case, "take")
        do(case, "ask", given={"unit": WATER})
        child = Case.objects.get(parent_id=case).pk
        assert sorted(pages(GUO, CaseFilter())) == sorted([*errands, child])
        assert sorted(pages(CHEN, CaseFilter())) == sorted([*errands, child])
        assert sorted(pages(LIU, CaseFilter())) == sorted([case, child])

    def test_stay_within_the_filter(self, errands):
        other = opened(WATER).id
        assert pages(GUO, CaseFilter(unit=WATER)) == [other]
        assert pages(LIU, CaseFilter(unit=WORKS)) == []


class TestSearch:
    def test_finds_a_word_of_two_characters(self, town):
        lamp, noise = titled("富安大道路灯坏了", "工地半夜打桩")
        assert pages(CHEN, CaseFilter(text="路灯")) == [lamp]
        assert pages(CHEN, CaseFilter(text="打桩")) == [noise]
        assert pages(CHEN, CaseFilter(text="垃圾")) == []

    def test_finds_one_character_and_long_words(self, town):
        lamp, _ = titled("富安大道路灯坏了", "工地半夜打桩")
        assert pages(CHEN, CaseFilter(text="灯")) == pages(CHEN, CaseFilter(text="大道路灯坏")) == [lamp]

    def test_does_not_mind_the_case_of_letters(self, town):
        (hotspot,) = titled("图书馆 WiFi 连不上")
        assert pages(CHEN, CaseFilter(text="wifi")) == [hotspot]

    def test_takes_signs_as_they_are_written(self, town):
        half, _ = titled("只修了 50%_就走了", "只修了 50 米就走了")
        assert pages(CHEN, CaseFilter(text="0%_")) == [half]
        assert pages(CHEN, CaseFilter(text="%%")) == []

    def test_finds_a_case_by_its_number_within_what_one_may_see(self, town):
        case = opened()
        assert pages(CHEN, CaseFilter(text=case.number.lower())) == [case.id]
        assert pages(LIU, CaseFilter(text=case.number)) == []


class TestOpenPoints:
    def test_are_the_open_cases_with_a_position_the_most_pressing_first(self, errands):
        Case.objects.filter(pk__in=errands[:2]).update(longitude=110.05, latitude=25.05)
        assert [row.id for row in list_open_points(GUO, 10)] == [errands[1], errands[0]]
        assert [row.id for row in list_open_points(CHEN, 1)] == [errands[1]]
        assert list_open_points(LIU, 10) == []
        assert list_open_points(system_actor("test"), 10) == []


@pytest.mark.django_db
class TestUnitLoads:
    def loads(self, actor, unit=TOWN, **after):
        return {load.unit: (load.open, load.late) for load in unit_loads(actor, unit, later(**after))}

    def test_counts_a_unit_s_own_work_beside_that_of_the_units_below(self, town):
        for unit in (TOWN, TOWN, WORKS, WATER, WATER, WATER):
            opened(unit)
        assert self.loads(GUO) == {TOWN: (2, 0), WORKS: (1, 0), WATER: (3, 0)}
        assert self.loads(GUO, days=30) == {TOWN: (2, 2), WORKS: (1, 1), WATER: (3, 3)}
        assert self.loads(GUO, WORKS) == {WORKS: (1, 0)}

    def test_shows_the_own_work_of_a_unit_to_nobody_else(self, town):
        opened(TOWN)
        assert self.loads(official(WORKS, "cases.supervise", subtree=True)) == {WORKS: (0, 0)}


@pytest.mark.django_db
class TestPaused:
    wanted = CaseFilter(queue="errand.all", paused=True)

    def stopped(self, unit: str = WORKS, **fields):
        case = opened(unit, **fields)
        Case.objects.filter(pk=case.id).update(facts={"paused": True}, due_at=None)
        return case

    def test_are_listed_and_counted_where_their_clock_stands_still(self, town):
        opened()
        first, second = self.stopped(), self.stopped(now=later(minutes=1))
        rows = list_cases(CHEN, replace(self.wanted, order="newest")).rows
        assert [row.id for row in rows] == [second.id, first.id]
        assert count_cases(CHEN, self.wanted) == 2

    def test_are_not_counted_once_they_have_ended_or_for_somebody_else(self, town):
        ended = self.stopped()
        Case.objects.filter(pk=ended.id).update(final=True)
        self.stopped(WATER)
        assert (count_cases(CHEN, self.wanted), count_cases(GUO, self.wanted)) == (0, 1)

    def test_are_counted_up_to_so_many(self, town):
        for _ in range(3):
            self.stopped()
        assert count_cases(GUO, self.wanted, purpose=Purpose.ANY, most=2) == 2


@pytest.mark.django_db
class TestTops:
    def test_leave_child_cases_inside_their_parents(self, town):
        fang = resident()
        parent = new_case(replace(draft(), requester=fang.party_id), CHEN, NOW)
        child = new_case(replace(draft(WATER), requester=fang.party_id, parent=parent.id), CHEN, NOW)
        store_case(parent, children=[child], now=NOW)
        wanted = CaseFilter(processes=frozenset({"errand"}), order="newest")
        mine = list_cases(fang, wanted, purpose=Purpose.OWN).rows
        tops = list_cases(fang, replace(wanted, tops_only=True), purpose=Purpose.OWN).rows
        assert {row.id for row in mine} == {parent.id, child.id}
        assert [row.id for row in tops] == [parent.id]
        assert [row.id for row in list_children(parent.id)] == [child.id]

    def test_are_of_the_processes_asked_for(self, town):
        opened()
        assert not list_cases(CHEN, CaseFilter(processes=frozenset({"help"}))).rows
