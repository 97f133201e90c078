"""Payment: batches, what the bank sends back, what goes wrong, what has to come back."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from zhicheng.apps.benefits.errors import NothingToPay, NotPermitted, PaymentNotFound, ReturnRefused
from zhicheng.apps.benefits.public import make_batch, reissue_payment, take_return, write_batch
from zhicheng.apps.benefits.tests.bank import answer, closed, lines_of
from zhicheng.apps.benefits.tests.town import (
    HUANG,
    NOW,
    Case,
    Grant,
    Payment,
    Reclaim,
    execute,
    granted,
    hire,
    key,
    settle,
)
from zhicheng.apps.benefits.values import Batch

pytestmark = pytest.mark.django_db
LATER, MUCH_LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
GONE = {"birth_date": date(1943, 9, 16), "deceased": True}


@pytest.fixture
def batch(officer, approver, payer) -> Batch:
    """Two allowances on their way to the bank."""
    settle({key(1): HUANG, key(2): HUANG})
    execute(officer, approver)
    return make_batch(actor=payer, now=NOW)


def states() -> list[str]:
    return list(Payment.objects.order_by("id").values_list("state", flat=True))


def refused(content: bytes, payer) -> list[tuple[int, str]]:
    before = states()
    with pytest.raises(ReturnRefused) as error:
        take_return(content, actor=payer, now=LATER)
    assert states() == before
    return [(fault.line, fault.text) for fault in error.value.data["faults"]]


class TestMakeBatch:
    def test_writes_each_line_and_the_totals(self, batch) -> None:
        text = (Path(settings.HOME) / "payments" / "out" / batch.file).read_text().splitlines()
        assert text[0] == f"zhicheng-payments,1,{batch.number},2026-03-02,CNY"
        assert text[2] == f"1,{batch.number}-1,{key(1)},elderly_allowance,2026-03,20000"
        assert text[-1] == f"total,2,40000,{batch.digest}"

    def test_leaves_nothing_for_a_second_batch(self, batch, payer) -> None:
        with pytest.raises(NothingToPay):
            make_batch(actor=payer, now=LATER)

    def test_writes_the_same_file_again(self, batch, payer) -> None:
        path = Path(settings.HOME) / "payments" / "out" / batch.file
        first = path.read_bytes()
        path.unlink()
        assert write_batch(batch.number, actor=payer, now=LATER).digest == batch.digest
        assert path.read_bytes() == first

    def test_needs_the_permission(self, batch, officer) -> None:
        with pytest.raises(NotPermitted):
            make_batch(actor=officer, now=NOW)

    def test_waits_for_those_who_have_to_confirm(self, officer, approver, payer) -> None:
        settle({key(1): {"employment_kind": "self_employed"}})
        execute(officer, approver)
        with pytest.raises(NothingToPay):
            make_batch(actor=payer, now=NOW)


class TestTakeReturn:
    def test_notes_what_was_paid(self, batch, payer) -> None:
        report = take_return(answer(batch), actor=payer, now=LATER)
        assert (report.paid, report.failed, states()) == (2, 0, ["paid", "paid"])

    def test_changes_nothing_the_second_time(self, batch, payer) -> None:
        content = answer(batch, results={lines_of(batch)[0][1]: "failed"})
        first = take_return(content, actor=payer, now=LATER)
        again = take_return(content, actor=payer, now=MUCH_LATER)
        assert (again.repeated, again.failed, states()) == (True, first.failed, ["failed", "paid"])

    def test_changes_nothing_under_another_number(self, batch, payer) -> None:
        take_return(answer(batch), actor=payer, now=LATER)
        again = take_return(answer(batch, number="R2"), actor=payer, now=MUCH_LATER)
        assert (again.paid, again.unchanged) == (0, 2)

    def test_refuses_unknown_lines_whole(self, batch, payer) -> None:
        row = f"3,{batch.number}-99,20000,paid,"
        known = answer(batch).decode().splitlines()
        faults = refused(closed("\n".join(known[:2]) + "\n", [*known[2:-1], row]), payer)
        assert faults == [(5, f"这个批次里没有支付编号 {batch.number}-99")]

    def test_refuses_another_amount(self, batch, payer) -> None:
        faults = refused(closed_like(batch, lambda row: row.replace(",20000,", ",19999,")), payer)
        assert [line for line, _ in faults] == [3, 4]

    def test_refuses_wrong_totals_and_digests_with_a_list(self, batch, payer) -> None:
        content = answer(batch).replace(b"total,2,40000,", b"total,3,50000,0")
        assert len(refused(content, payer)) == 3

    def test_refuses_a_file_that_was_cut_off(self, batch, payer) -> None:
        content = answer(batch)
        for length in (0, 1, 20, len(content) // 2, len(content) - 70):
            assert refused(content[:length], payer) != []

    def test_refuses_every_file_with_one_byte_changed(self, batch, payer) -> None:
        content = answer(batch)
        for place in range(0, len(content) - 70, 7):
            changed = bytes([content[place] ^ 1])
            assert refused(content[:place] + changed + content[place + 1 :], payer) != []

    def test_refuses_to_pay_what_has_failed(self, batch, payer) -> None:
        reference = lines_of(batch)[0][1]
        take_return(answer(batch, results={reference: "failed"}), actor=payer, now=LATER)
        faults = refused(answer(batch, number="R2"), payer)
        assert faults == [(3, "这笔支付已经是“失败”，不能再变成“已到账”")]

    def test_refuses_a_stranger(self, batch, town) -> None:
        with pytest.raises(NotPermitted):
            take_return(answer(batch), actor=hire("liu.yang", "benefit_approver"), now=LATER)


def closed_like(batch: Batch, change) -> bytes:
    known = answer(batch).decode().splitlines()
    return closed("\n".join(known[:2]) + "\n", [change(row) for row in known[2:-1]])


class TestReissuePayment:
    def test_pays_what_failed_after_it_was_corrected(self, batch, payer) -> None:
        reference = lines_of(batch)[0][1]
        take_return(answer(batch, results={reference: "failed"}), actor=payer, now=LATER)
        with pytest.raises(NothingToPay):
            make_batch(actor=payer, now=LATER)
        reissue_payment(Payment.objects.get(state="failed").id, actor=payer, now=LATER)
        again = make_batch(actor=payer, now=LATER)
        assert [row[2] for row in lines_of(again)] == [key(1)]
        take_return(answer(again), actor=payer, now=MUCH_LATER)
        assert states() == ["failed", "paid", "paid"]

    def test_pays_again_what_the_bank_gave_back(self, batch, payer) -> None:
        take_return(answer(batch), actor=payer, now=LATER)
        reference = lines_of(batch)[1][1]
        take_return(answer(batch, results={reference: "returned"}, number="R2"), actor=payer, now=MUCH_LATER)
        reissue_payment(Payment.objects.get(state="returned").id, actor=payer, now=MUCH_LATER)
        assert make_batch(actor=payer, now=MUCH_LATER).count == 1

    def test_refuses_what_was_paid(self, batch, payer) -> None:
        take_return(answer(batch), actor=payer, now=LATER)
        with pytest.raises(PaymentNotFound):
            reissue_payment(Payment.objects.first().id, actor=payer, now=LATER)


class TestSettleLosses:
    def test_stops_what_is_not_paid_yet(self, officer, approver, payer) -> None:
        settle({key(1): HUANG})
        execute(officer, approver)
        settle({key(1): GONE}, now=LATER)
        execute(officer, approver, now=LATER)
        assert (granted(), Reclaim.objects.count()) == ({}, 0)
        with pytest.raises(NothingToPay):
            make_batch(actor=payer, now=LATER)

    def test_asks_for_what_was_paid_with_a_case_and_its_clock(self, batch, officer, approver, payer) -> None:
        take_return(answer(batch), actor=payer, now=NOW)
        settle({key(1): HUANG, key(2): GONE}, now=LATER)
        execute(officer, approver, now=LATER)
        reclaim = Reclaim.objects.get()
        case = Case.objects.get(pk=reclaim.case_id)
        assert (reclaim.amount_cents, case.process, case.unit_id) == (20000, "benefit_reclaim", "YX")
        assert case.due_at is not None
        assert granted() == {(key(1), "elderly_allowance", "2026-03"): 20000}

    def test_waits_for_the_bank_before_asking(self, batch, officer, approver, payer) -> None:
        settle({key(1): HUANG, key(2): GONE}, now=LATER)
        execute(officer, approver, now=LATER)
        assert Reclaim.objects.count() == 0
        take_return(answer(batch), actor=payer, now=MUCH_LATER)
        assert Reclaim.objects.get().amount_cents == 20000

    def test_asks_for_nothing_that_never_arrived(self, batch, officer, approver, payer) -> None:
        settle({key(1): HUANG, key(2): GONE}, now=LATER)
        execute(officer, approver, now=LATER)
        take_return(answer(batch, results={lines_of(batch)[1][1]: "failed"}), actor=payer, now=MUCH_LATER)
        assert Reclaim.objects.count() == 0

    def test_takes_back_the_difference_alone(self, officer, approver, payer) -> None:
        settle({key(1): {"birth_date": date(1930, 1, 1)}})
        execute(officer, approver)
        take_return(answer(make_batch(actor=payer, now=NOW)), actor=payer, now=NOW)
        settle({key(1): HUANG}, now=LATER)
        execute(officer, approver, now=LATER)
        assert Reclaim.objects.get().amount_cents == 30000
        assert sum(granted().values()) == 20000

    def test_pays_the_difference_alone(self, batch, officer, approver) -> None:
        settle({key(1): HUANG, key(2): {"birth_date": date(1930, 1, 1)}}, now=LATER)
        execute(officer, approver, now=LATER)
        assert list(Grant.objects.filter(person_key=key(2)).order_by("id").values_list("amount_cents", flat=True)) == [
            20000,
            30000,
        ]
