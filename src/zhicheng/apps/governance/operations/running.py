"""Which indicators to compute when: on schedule where rows have changed, or again for a span of days."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction

from zhicheng.apps.governance.models import IndicatorProgress, IndicatorRun
from zhicheng.apps.governance.operations.alerting import follow_thresholds
from zhicheng.apps.governance.operations.computing import Outcome, Task, changed_only, compute
from zhicheng.apps.governance.policy.composing import changed_sql
from zhicheng.apps.governance.policy.periods import back, period_of, periods_between
from zhicheng.apps.governance.queries.catalogue import get_catalogue, get_indicator
from zhicheng.apps.governance.queries.latest import VALUES
from zhicheng.apps.governance.values import EVERY_S, Base, Computed, RunReport
from zhicheng.core.lake.errors import EntityUndeclared
from zhicheng.core.lake.public import LakeConnection, append_rows, connect, get_entity, has_table, table_version
from zhicheng.core.packs.public import current_pack, current_release
from zhicheng.kit.ids import uuid7

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = {"hour": 48, "day": 35, "month": 13}  # periods computed when a base is new
_KEPT = {"hour": 72, "day": 400, "month": 36}  # how far back a late row still changes a value
_RECENT = 2  # periods computed again where the rows do not say which version brought them
_RUNS_DAYS = 60


@dataclass(frozen=True)
class _Job:
    """A base and step as it stands, with the versions of its tables now."""

    base: Base
    step: str
    versions: Mapping[str, int]
    absent: tuple[str, ...]
    now: datetime


def compute_next(*, now: datetime) -> int:
    """Compute what is due and has waited longest; 1 where something was due. Any number of workers may.

    A base whose tables have no new version is only looked at, unless its period is over or time itself changes it. One
    that lacks a table is looked at every minute: a register that comes in is counted then, not a day later.
    """
    catalogue = get_catalogue()
    if not catalogue.bases:
        return 0
    _add_missing()
    due = [row for row in IndicatorProgress.objects.order_by("checked_at") if _is_due(row, now)]
    for found in due[:5]:
        with transaction.atomic():
            row = IndicatorProgress.objects.select_for_update(skip_locked=True).filter(pk=found.pk).first()
            if row is not None and _is_due(row, now):
                _advance(row, catalogue.bases[row.base], now)
                return 1
    return 0


def _is_due(row: IndicatorProgress, now: datetime) -> bool:
    base = get_catalogue().bases.get(row.base)
    if base is None or row.step not in base.steps:
        return False
    lacks = row.computed_at is not None and not set(base.tables) <= set(row.versions)
    return now - row.checked_at >= timedelta(seconds=EVERY_S["minute" if lacks else base.every])


def _add_missing() -> None:
    known = set(IndicatorProgress.objects.values_list("base", "step"))
    wanted = {(base.code, step) for base in get_catalogue().bases.values() for step in base.steps}
    rows = [IndicatorProgress(base=base, step=step, checked_at=_NEVER) for base, step in sorted(wanted - known)]
    IndicatorProgress.objects.bulk_create(rows, ignore_conflicts=True)


def _advance(row: IndicatorProgress, base: Base, now: datetime) -> None:
    job = _job(base, row.step, now)
    row.checked_at = now
    periods = _stale_periods(job, row)
    if periods:
        _run(job, periods)
        row.computed_at, row.period = now, period_of(now, row.step)
        row.versions, row.definition = dict(job.versions), current_release().digest
    row.save()


def _job(base: Base, step: str, now: datetime) -> _Job:
    absent = tuple(name for name in base.tables if not has_table(name))
    versions = {name: table_version(name).version for name in base.tables if name not in absent}
    return _Job(base, step, versions, absent, now)


def _stale_periods(job: _Job, row: IndicatorProgress) -> list[str]:
    """The periods to compute; none where nothing can have changed."""
    period = period_of(job.now, job.step)
    is_new = (
        row.computed_at is None or row.definition != current_release().digest or set(row.versions) != set(job.versions)
    )
    if not is_new and (row.versions, row.period) == (dict(job.versions), period) and not job.base.timed:
        return []
    if not job.base.at or job.absent:
        return [period]
    if is_new:
        return list(periods_between(back(period, _FIRST[job.step] - 1), period))
    since_last = set(periods_between(max(row.period, back(period, _FIRST[job.step] - 1)), period))
    if not job.base.follows:
        return sorted(since_last | {back(period, count) for count in range(_RECENT)})
    return sorted(since_last | _changed_periods(job, row.versions, period))


def _changed_periods(job: _Job, seen: Mapping[str, int], period: str) -> set[str]:
    table = job.base.tables[0]
    oldest = back(period, _KEPT[job.step])
    with connect({table: job.versions[table]}) as lake:
        found = lake.execute(changed_sql(job.base, job.step), {"seen": seen.get(table, -1)}).fetchall()
    return {name for (name,) in found if oldest <= name <= period}


def run_indicators(first: str, last: str, *, now: datetime, codes: Sequence[str] = ()) -> list[RunReport]:
    """Compute again the days from one to another (`2026-11-01`) with the hours and months that they touch.

    Values of what only stands as it is now (a stock) are computed for today alone.

    Raises:
        PeriodMalformed: the words are no days.
        IndicatorUnknown: the pack has none of a code.
    """
    reports = []
    catalogue = get_catalogue()
    wanted = {get_indicator(code).base for code in codes} if codes else set(catalogue.bases)
    for base in catalogue.bases.values():
        for step in base.steps if base.code in wanted else ():
            job = _job(base, step, now)
            periods = _span(job, first, last)
            if periods:
                reports.append(_run(job, periods))
    return reports


def _span(job: _Job, first: str, last: str) -> list[str]:
    today = period_of(job.now, "day")
    if not job.base.at and not job.base.timed:
        return [period_of(job.now, job.step)] if last >= today else []
    last = min(last, today)
    if job.step == "month":
        return list(periods_between(first[:7], last[:7]))
    if job.step == "hour":
        return list(periods_between(f"{first}T00", min(f"{last}T23", period_of(job.now, "hour"))))
    return list(periods_between(first, last))


def _run(job: _Job, periods: Sequence[str]) -> RunReport:
    started = time.perf_counter()
    indicators = get_catalogue().of_base(job.base.code)
    task = Task(job.base, indicators, job.step, periods, current_pack().city_division, job.now)
    with connect(job.versions) as lake:
        outcome = _outcome(task, lake, job.absent)
    changed = changed_only(task, outcome.values, _stored(task))
    run = uuid7(job.now)
    _append(changed, run, job)
    follow_thresholds([each for each in outcome.values if each.step == job.base.main_step], now=job.now)
    spent_ms = (time.perf_counter() - started) * 1000
    counts = (len(periods), len(outcome.values), len(changed))
    report = RunReport(run, job.base.code, job.step, *counts, outcome.failures, spent_ms)
    _keep(report, job, periods)
    return report


def _outcome(task: Task, lake: LakeConnection, absent: Sequence[str]) -> Outcome:
    """A stock that is made of instants is asked for each period by itself."""
    if task.base.at or len(task.periods) == 1:
        return compute(task, lake, absent)
    whole = Outcome()
    for period in task.periods:
        one = compute(replace(task, periods=[period]), lake, absent)
        whole.values += one.values
        whole.failures |= one.failures
    return whole


def _stored(task: Task) -> dict[str, Computed]:
    if not has_table(VALUES):
        return {}
    sql = (
        "SELECT indicator, area, level, step, period, value, coalesce(reason, '') FROM indicator_value "
        "WHERE indicator IN (SELECT unnest($codes)) AND step = $step AND period BETWEEN $first AND $last"
    )
    codes = [each.code for each in task.indicators]
    span = {"step": task.step, "first": min(task.periods), "last": max(task.periods)}
    with connect([VALUES]) as lake:
        found = [Computed(*row) for row in lake.execute(sql, {"codes": codes, **span}).fetchall()]
    return {each.key: each for each in found}


def _append(values: Sequence[Computed], run: UUID, job: _Job) -> None:
    try:
        table = get_entity(VALUES)
    except EntityUndeclared:
        return
    versions = ",".join(f"{name}@{number}" for name, number in sorted(job.versions.items()))
    common = {"run_id": str(run), "versions": versions, "computed_at": job.now}
    append_rows(table, [_row(each) | common for each in values], now=job.now)


def _row(computed: Computed) -> dict[str, object]:
    return {
        "value_id": computed.key,
        "indicator": computed.indicator,
        "area": computed.area,
        "level": computed.level,
        "step": computed.step,
        "period": computed.period,
        "value": computed.value,
        "reason": computed.reason or None,
    }


def _keep(report: RunReport, job: _Job, periods: Sequence[str]) -> None:
    IndicatorRun.objects.create(
        id=report.id,
        base=report.base,
        step=report.step,
        since=min(periods),
        until=max(periods),
        at=job.now,
        versions=dict(job.versions),
        values=report.values,
        changed=report.changed,
        ms=round(report.ms, 1),
        failures=dict(report.failures),
    )


def sweep_runs(*, now: datetime) -> int:
    """Forget old computations: values keep the versions they came from; how many."""
    deleted, _ = IndicatorRun.objects.filter(at__lt=now - timedelta(days=_RUNS_DAYS)).delete()
    return deleted
