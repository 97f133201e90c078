"""Typed values of benefits: what the pack offers, runs, entitlements, payments, what a bank answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

Period = Literal["once", "month", "year"]
PERIOD_LABELS: Mapping[str, str] = {"once": "一次性", "month": "按月", "year": "按年"}


@dataclass(frozen=True)
class Event:
    """What a benefit is paid once for each of: a date or number that the register holds about the person.

    Dates less than `apart_days` apart are one event that was written down differently; so is a number that changed
    less than `apart_days` after the grant.
    """

    column: str
    apart_days: int = 0


@dataclass(frozen=True)
class Benefit:
    """A benefit of the pack. `rule` says who is entitled, `amount` to how much; `definition` is its pinned hash.

    `per` household: one payment a household and period. `pay` confirm: paid once the person has confirmed.
    `doorstep`: corrections may be handled at the person's home. `event`: paid once for each of these, not once ever.
    """

    code: str
    label: str
    summary: str
    department: str
    audience: str
    rule: str
    amount: str
    period: Period
    per: Literal["person", "household"]
    pay: Literal["auto", "confirm"]
    doorstep: bool
    legal_source: str
    definition: str = ""
    event: Event | None = None

    @property
    def period_label(self) -> str:
        """How often it is paid."""
        return "每次一份" if self.event else PERIOD_LABELS[self.period]


@dataclass(frozen=True)
class Group:
    """Benefits of which only one can be had in a period: the first as listed (`order`), or the largest (`larger`).

    Of benefits that are paid once an event, only one can be had within `apart_days`.
    """

    code: str
    label: str
    choose: Literal["order", "larger"]
    per: Literal["person", "household"]
    benefits: tuple[str, ...]
    definition: str = ""
    apart_days: int = 0


@dataclass(frozen=True)
class PlanRun:
    """A run to be computed: for whom, on which day, which benefits (all of the audience when empty)."""

    audience: str
    on: date
    benefits: tuple[str, ...] = ()


@dataclass(frozen=True)
class BenefitTotal:
    """What a run found for one benefit. `new` is to be paid now, `lost` to be stopped or reclaimed."""

    benefit: str
    entitled: int = 0
    entitled_cents: int = 0
    new: int = 0
    new_cents: int = 0
    already: int = 0
    excluded: int = 0
    household: int = 0
    lost: int = 0
    lost_cents: int = 0
    unknown: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Run:
    """A run as officials see it. What has happened to it follows from its instants."""

    id: UUID
    audience: str
    on: date
    benefits: tuple[str, ...]
    planned_at: datetime
    planned_by: str
    computed_at: datetime | None
    approved_at: datetime | None
    approved_by: str
    finished_at: datetime | None
    failure: str
    rulebook: str
    table_version: str
    result_table: str
    result_hash: str
    people: int
    totals: tuple[BenefitTotal, ...]
    chunks: int
    chunks_done: int
    granted: int
    told: int

    @property
    def stage(self) -> str:
        """planned, failed, computed, executing or finished."""
        if self.finished_at is not None:
            return "finished"
        if self.approved_at is not None:
            return "executing"
        if self.failure:
            return "failed"
        return "planned" if self.computed_at is None else "computed"


STAGE_LABELS: Mapping[str, str] = {
    "planned": "正在测算",
    "failed": "测算失败",
    "computed": "待批准",
    "executing": "正在发放",
    "finished": "已执行",
}


@dataclass(frozen=True)
class Compared:
    """One benefit of a run beside the last run of the same kind."""

    benefit: Benefit
    total: BenefitTotal
    before: BenefitTotal | None

    @property
    def gain(self) -> int:
        """How many more are entitled than last time."""
        return self.total.entitled - (self.before.entitled if self.before else 0)

    @property
    def gain_cents(self) -> int:
        """By how much the entitled sum has grown."""
        return self.total.entitled_cents - (self.before.entitled_cents if self.before else 0)


@dataclass(frozen=True)
class PaymentInfo:
    """One attempt to pay, as the bank's files tell: sent, paid, failed, returned."""

    id: int
    state: str
    reason: str
    at: datetime
    batch: str
    corrected: bool = False


PAYMENT_LABELS: Mapping[str, str] = {"sent": "银行处理中", "paid": "已到账", "failed": "支付失败", "returned": "已退回"}


@dataclass(frozen=True)
class Entitlement:
    """An amount that somebody gets for a period."""

    id: int
    benefit: str
    label: str
    period: str
    on: date
    amount_cents: int
    run: UUID
    granted_at: datetime
    needs_confirm: bool
    confirmed_at: datetime | None
    stopped_at: datetime | None
    payments: tuple[PaymentInfo, ...] = ()

    @property
    def state_words(self) -> str:
        """Where it is, in words for its receiver."""
        if self.stopped_at is not None:
            return "已停发"
        if self.payments:
            return PAYMENT_LABELS[self.payments[-1].state]
        return "待您确认" if self.needs_confirm and self.confirmed_at is None else "待发放"


@dataclass(frozen=True)
class Told:
    """Why, or why not: one benefit for one person, computed again with its reasons in lines."""

    benefit: Benefit
    outcome: str
    amount_cents: int | None
    lines: Sequence[str]
    rules: Sequence[str]
    on: date
    table_version: str
    excluded_by: str = ""


@dataclass(frozen=True)
class PayLine:
    """A line of a batch for the bank. `reference` is unique for ever."""

    sequence: int
    reference: str
    payee: str
    benefit: str
    period: str
    amount_cents: int


@dataclass(frozen=True)
class BatchHead:
    """What identifies a batch."""

    number: str
    day: date
    count: int
    total_cents: int


@dataclass(frozen=True)
class WrittenBatch:
    """Where a provider put a batch, with the digest of what it wrote."""

    name: str
    digest: str


@dataclass(frozen=True)
class ReturnLine:
    """What became of one line: paid, failed, or returned after it had been paid. `line` is that of the file."""

    line: int
    reference: str
    amount_cents: int
    result: str
    reason: str


@dataclass(frozen=True)
class ReturnFile:
    """A return file that is whole: digest, the batch it answers, its lines."""

    batch: str
    number: str
    digest: str
    lines: tuple[ReturnLine, ...]


@dataclass(frozen=True)
class ReturnFault:
    """One thing wrong with a return file."""

    line: int
    text: str


@dataclass(frozen=True)
class ReturnReport:
    """What a return file changed. `repeated` says that it had come before: nothing changed."""

    batch: str
    number: str
    paid: int
    failed: int
    returned: int
    unchanged: int
    repeated: bool = False


@dataclass(frozen=True)
class Batch:
    """A batch as officials see it."""

    number: str
    created_at: datetime
    created_by: str
    count: int
    total_cents: int
    file: str
    digest: str
    states: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ReclaimRow:
    """Something paid that was not due: how much, why, and the case by which it comes back."""

    id: int
    benefit: str
    label: str
    period: str
    amount_cents: int
    reason: str
    created_at: datetime
    case_number: str
    case_state: str


@dataclass(frozen=True)
class CorrectFact:
    """Somebody says that a fact about them is wrong."""

    benefit: str
    fact: str
    claim: str
    doorstep: bool = False
