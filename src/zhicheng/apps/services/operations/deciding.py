"""Deciding an application by its rules: facts, verdicts, the step of the process, the record of why."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from zhicheng.apps.licences.errors import LicenceIncomplete
from zhicheng.apps.services.models import Application, ToDecide
from zhicheng.apps.services.operations.progressing import progress_theme
from zhicheng.apps.services.policy.deciding import decide
from zhicheng.apps.services.queries.applications import seal_decision
from zhicheng.apps.services.queries.catalogue import catalogue_of
from zhicheng.apps.services.queries.facts import (
    concerned_facts,
    document_problems,
    entity_of,
    fact_labels,
    identity_problems,
    is_still_reading,
    join_register,
    newer_facts,
    register_facts,
    stated_facts,
)
from zhicheng.apps.services.queries.verdicts import verdicts_of
from zhicheng.apps.services.values import ApplicationDecision, Problem, ServiceItem
from zhicheng.core.cases.public import act_by_system, get_row
from zhicheng.core.forms.public import get_submission
from zhicheng.kit.clock import CHINA

_STEPS: Mapping[str, str] = {"yes": "approve_by_rule", "no": "refuse_by_rule", "review": "send_to_review"}
_READING_PATIENCE = timedelta(minutes=2)
_AGAIN = timedelta(seconds=3)
_CLAIM = """
SELECT case_id FROM services_todecide WHERE due_at <= %s ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_CLAIM_ONE = "SELECT case_id FROM services_todecide WHERE case_id = %s FOR UPDATE SKIP LOCKED"


def decide_application(case_id: UUID, now: datetime) -> str:
    """Decide one application if it waits for that; the outcome, or "" where nothing was done."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM_ONE, (case_id,))
        return _decide(case_id, now) if cursor.fetchone() else ""


def decide_waiting(now: datetime) -> int:
    """Decide the next application that is due: the worker's duty; how many were looked at."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, (now,))
        claimed = cursor.fetchone()
        if claimed:
            _decide(claimed[0], now)
    return int(bool(claimed))


def _decide(case_id: UUID, now: datetime) -> str:
    """With the claim held: put off, or decide and take it off the list."""
    waiting = ToDecide.objects.get(pk=case_id)
    row = get_row(case_id)
    if row.state != "verifying":
        waiting.delete()
        return ""
    application = Application.objects.get(pk=case_id)
    if is_still_reading(application.submission_id) and now < waiting.since + _READING_PATIENCE:
        ToDecide.objects.filter(pk=case_id).update(due_at=now + _AGAIN)
        return ""
    decision = _decision(application, now)
    decision = _carry_out(case_id, decision, now)
    Application.objects.filter(pk=case_id).update(**seal_decision(decision, case_id), decided_at=now)
    waiting.delete()
    if row.parent is not None:
        progress_theme(row.parent, now)
    return decision.outcome


def _carry_out(case_id: UUID, decision: ApplicationDecision, now: datetime) -> ApplicationDecision:
    """Take the step; where the licence cannot be issued, a person looks at it instead."""
    try:
        act_by_system(case_id, _STEPS[decision.outcome], now, name="services.deciding")
    except LicenceIncomplete as error:
        problem = Problem("failed", "签发证照", str(error))
        decision = replace(decision, outcome="review", problems=[*decision.problems, problem])
        act_by_system(case_id, _STEPS["review"], now, name="services.deciding")
    return decision


def _decision(application: Application, now: datetime) -> ApplicationDecision:
    item = catalogue_of(application.catalogue).items.get(application.item)
    submission = get_submission(application.submission_id)
    register = register_facts(submission.party)
    stated = stated_facts(submission)
    facts, problems = join_register(stated, register, newer=newer_facts(submission))
    problems += [*identity_problems(submission), *document_problems(submission)]
    rules = _rules(item)
    shown = {code: facts[code] for code in stated} | concerned_facts(facts, rules, rulebook=application.rulebook)
    verdicts = verdicts_of(rules, shown, on=now.astimezone(CHINA).date(), rulebook=application.rulebook)
    return decide(verdicts, shown, problems, fact_labels(entity_of(submission.party)), now.isoformat())


def _rules(item: ServiceItem | None) -> list[str]:
    return [item.decide] if item and item.decide else []
