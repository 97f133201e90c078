"""A run of benefits in the demo city, planned and approved by its officials: old people get theirs without asking."""

from datetime import datetime

import structlog

from zhicheng.apps.benefits.public import advance_runs, approve_run, get_run, list_benefits, plan_run
from zhicheng.apps.benefits.values import PlanRun
from zhicheng.core.parties.public import actor_for, find_account
from zhicheng.core.parties.values import Actor
from zhicheng.kit.clock import CHINA

_log = structlog.get_logger(__name__)
_OFFICER, _APPROVER = "benefit.officer", "benefit.approver"
_AUDIENCE, _FIRST = "person", "elderly_"


def grant_allowances(now: datetime) -> None:
    """Compute and grant the benefits of old people for this month; nothing where a pack has none, or none is due."""
    wanted = tuple(each.code for each in list_benefits(audience=_AUDIENCE) if each.code.startswith(_FIRST))
    if not wanted:
        return
    plan = PlanRun(_AUDIENCE, now.astimezone(CHINA).date(), wanted)
    run = plan_run(plan, actor=_official(_OFFICER, now), now=now)
    _finish(now)
    if failure := get_run(run.id).failure:
        _log.warning("allowances not computed", failure=failure)
        return
    approve_run(run.id, actor=_official(_APPROVER, now), now=now)
    _finish(now)


def _official(login: str, now: datetime) -> Actor:
    account = find_account(login)
    if account is None:
        raise LookupError(login)
    return actor_for(account, now=now)


def _finish(now: datetime) -> None:
    while advance_runs(now):
        pass
