"""Runs over companies: by their own register, apart from people, once a period, larger of what excludes each other."""

from datetime import date, datetime, timedelta

import pytest

from zhicheng.apps.benefits.errors import OtherAudience
from zhicheng.apps.benefits.public import list_batches, make_batch, plan_run
from zhicheng.apps.benefits.tests.bank import lines_of
from zhicheng.apps.benefits.tests.town import HUANG, NOW, TODAY, Grant, compute, execute, found, granted, key, settle
from zhicheng.apps.benefits.values import PlanRun, Run

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
SMALL = {"employees": 3, "insured_employees": 2}
LARGE = {"employees": 40, "insured_employees": 12}
HUGE = {"employees": 40, "insured_employees": 30}


@pytest.fixture
def run(officer, approver):
    """Executes a run over companies."""

    def go(*benefits: str, on: date = TODAY, now: datetime = NOW) -> Run:
        return execute(officer, approver, *benefits, on=on, now=now, audience="company")

    return go


class TestCompanyRun:
    def test_grants_by_the_register_of_companies(self, run) -> None:
        found({key(1): SMALL, key(2): {**SMALL, "insured_employees": 0}, key(3): {**SMALL, "employees": 51}})
        assert (run().granted, granted()) == (1, {(key(1), "first_hire", "2026"): 200000})

    def test_leaves_those_that_are_closed_or_of_whom_too_little_is_known(self, run) -> None:
        found({key(1): {**SMALL, "status": "cancelled"}, key(2): {**SMALL, "employees": None}})
        executed = run()
        totals = {total.benefit: total for total in executed.totals}
        assert (executed.granted, totals["first_hire"].unknown) == (0, 1)

    def test_leaves_people_alone(self, run, officer, approver) -> None:
        settle({key(1): HUANG})
        found({key(9): SMALL})
        run()
        assert {who for who, _, _ in granted()} == {key(9)}
        execute(officer, approver, now=LATER)
        assert {who for who, _, _ in granted()} == {key(1), key(9)}

    def test_pays_once_a_year(self, run) -> None:
        found({key(1): SMALL})
        run()
        assert run(on=date(2026, 11, 1), now=LATER).granted == 0
        run(on=date(2027, 1, 4), now=LATER + timedelta(hours=1))
        assert {period for _, _, period in granted()} == {"2026", "2027"}

    def test_leaves_the_larger_of_what_excludes_each_other(self, run) -> None:
        found({key(1): LARGE, key(2): HUGE})
        run()
        assert granted() == {(key(1), "big_hire", "2026"): 1500000, (key(2), "first_hire", "2026"): 3000000}

    def test_takes_back_what_was_not_due(self, run) -> None:
        found({key(1): SMALL})
        run()
        found({key(1): {**SMALL, "insured_employees": 1}}, now=LATER)
        run(now=LATER)
        assert granted() == {(key(1), "first_hire", "2026"): 100000}

    def test_refuses_what_is_for_people(self, officer) -> None:
        with pytest.raises(OtherAudience, match="不是发给企业的：「高龄津贴」。请从选择中去掉"):
            plan_run(PlanRun("company", TODAY, ("elderly_allowance",)), actor=officer, now=NOW)

    def test_fails_where_only_people_are_registered(self, officer) -> None:
        settle({key(1): HUANG})
        computed = compute(officer, audience="company")
        assert (computed.stage, "company" in computed.failure) == ("failed", True)


class TestCompanyPayment:
    def test_waits_until_the_company_has_confirmed(self, run, payer) -> None:
        found({key(1): SMALL, key(2): LARGE})
        run()
        make_batch(actor=payer, now=LATER)
        assert [line[2] for line in lines_of(list_batches()[0])] == [key(1)]
        assert Grant.objects.get(person_key=key(2)).needs_confirm
