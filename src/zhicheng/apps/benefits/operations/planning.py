"""Planning a run, and approving what it found: by two persons."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from zhicheng.apps.benefits.errors import (
    NothingToRun,
    NotPermitted,
    OtherAudience,
    RunNotFound,
    RunNotReady,
    RunOutdated,
    SecondPersonNeeded,
)
from zhicheng.apps.benefits.models import BenefitRun
from zhicheng.apps.benefits.queries.catalogue import list_benefits, list_groups
from zhicheng.apps.benefits.queries.runs import as_run
from zhicheng.apps.benefits.values import PlanRun, Run
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.core.parties.values import Actor
from zhicheng.kit.ids import uuid7

RUN, APPROVE, PAY = "benefits.run", "benefits.approve", "benefits.pay"
_AUDIENCES = {"person": "个人和家庭", "company": "企业"}
_STATES = {"planned": "还没有算完", "failed": "没有算成", "executing": "已经批准", "finished": "已经执行"}


def plan_run(plan: PlanRun, *, actor: Actor, now: datetime) -> Run:
    """Have a run computed by the worker. Nothing is granted before somebody else approves what it found.

    Raises:
        NotPermitted: the official may not.
        NothingToRun: the pack has no benefit for the audience.
        OtherAudience: some of the benefits are for others, or there are none such.
    """
    require(actor, RUN, "测算补贴")
    known = list_benefits(audience=plan.audience)
    chosen = [each for each in known if not plan.benefits or each.code in plan.benefits]
    others = set(plan.benefits) - {each.code for each in chosen}
    if others:
        raise _for_others(others, plan.audience)
    if not chosen:
        raise NothingToRun()
    groups = list_groups(each.code for each in chosen)
    definitions = {
        "benefits": [each.definition for each in chosen],
        "groups": [each.definition for each in groups],
    }
    with transaction.atomic():
        row = BenefitRun.objects.create(
            id=uuid7(now),
            audience=plan.audience,
            on_date=plan.on,
            benefits=[each.code for each in chosen],
            definitions=definitions,
            planned_at=now,
            planned_by=actor.ref,
        )
        record(_entry(row, actor, "benefits.planned", now))
    return as_run(row)


def _for_others(codes: set[str], audience: str) -> OtherAudience:
    labels = {each.code: f"「{each.label}」" for each in list_benefits()}
    named = "".join(sorted(labels.get(code, f"「{code}」") for code in codes))
    return OtherAudience(audience=_AUDIENCES[audience], labels=named)


def approve_run(run: UUID, *, actor: Actor, now: datetime) -> Run:
    """Let what a run found be granted; the worker does it.

    Raises:
        NotPermitted, SecondPersonNeeded: the official may not, or planned it.
        RunNotFound, RunNotReady: there is none, or it is not computed, or approved before.
        RunOutdated: another run was approved since, or is being executed.
    """
    require(actor, APPROVE, "批准补贴发放")
    try:
        with transaction.atomic():
            return _approve(run, actor, now)
    except IntegrityError as error:
        raise RunOutdated() from error


def require(actor: Actor, permission: str, act: str) -> None:
    """Refuse an official without a permission.

    Raises:
        NotPermitted: the permission is missing.
    """
    if permission not in actor.permissions:
        raise NotPermitted(act=act)


def _approve(run: UUID, actor: Actor, now: datetime) -> Run:
    row = BenefitRun.objects.select_for_update().filter(pk=run).first()
    if row is None:
        raise RunNotFound()
    if row.planned_by == actor.ref:
        raise SecondPersonNeeded()
    stage = as_run(row).stage
    if stage != "computed":
        raise RunNotReady(state=_STATES[stage])
    if BenefitRun.objects.filter(audience=row.audience, approved_at__gte=row.computed_at).exists():
        raise RunOutdated()
    row.approved_at, row.approved_by = now, actor.ref
    row.save(update_fields=["approved_at", "approved_by"])
    record(_entry(row, actor, "benefits.approved", now))
    return as_run(row)


def _entry(row: BenefitRun, actor: Actor, action: str, now: datetime) -> Entry:
    data = {"audience": row.audience, "on": row.on_date.isoformat(), "benefits": len(row.benefits)}
    if row.result_hash:
        data["result"] = row.result_hash
    return Entry(uuid7(now), now, actor.ref, action, f"benefit_run:{row.id}", data=data)
