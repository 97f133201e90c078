"""Computing a run: verdicts and amounts for everybody, then who gets what now. Nothing is granted here."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from zhicheng.apps.benefits.models import BenefitRun
from zhicheng.apps.benefits.policy.selecting import (
    CHUNK_ROWS,
    COUNTED,
    Selection,
    candidates_sql,
    hash_sql,
    selection_sql,
    totals_sql,
)
from zhicheng.apps.benefits.queries.catalogue import benefit_of, group_of
from zhicheng.apps.benefits.queries.prior import SCHEMA as PRIOR_SCHEMA
from zhicheng.apps.benefits.queries.prior import prior_batches
from zhicheng.apps.benefits.values import Benefit, BenefitTotal
from zhicheng.core.lake.public import Limits, Target, commit_parts, connect, get_entity, lake_root, stage_parts
from zhicheng.core.ledger.public import record, sm3
from zhicheng.core.ledger.values import Entry
from zhicheng.core.packs.public import current_release
from zhicheng.core.parties.values import system_actor
from zhicheng.core.rules.public import Run as RuleRun
from zhicheng.core.rules.public import Tally, get_rule, run_population
from zhicheng.kit.errors import ZhichengError
from zhicheng.kit.ids import uuid7

WORKER = system_actor("benefits")
MOST_CHUNKS, MEMORY_MIB = 4096, 4096


def compute_run(row: BenefitRun, now: datetime) -> None:
    """Compute what a run would grant and what it would take back; one entry in the ledger.

    A failure is written down for the officials: the run can be planned again.
    """
    try:
        with transaction.atomic():
            _compute(row, now)
    except ZhichengError as error:
        row.failure = str(error)[:500]
        row.save(update_fields=["failure"])


def selection_of(row: BenefitRun, verdicts: str, prior: str, chunks: int) -> Selection:
    """What a run chooses by, from the definitions that it was planned with."""
    benefits = [benefit_of(definition) for definition in row.definitions["benefits"]]
    groups = [group_of(definition) for definition in row.definitions["groups"]]
    entity = get_entity(row.audience)
    households = "household_key" in entity.codes
    return Selection(benefits, groups, row.on_date, entity.key, verdicts, row.audience, prior, households, chunks)


def _compute(row: BenefitRun, now: datetime) -> None:
    benefits = [benefit_of(definition) for definition in row.definitions["benefits"]]
    rules = [rule for each in benefits for rule in (each.rule, each.amount)]
    ruled = run_population(row.audience, rules, on=row.on_date, actor=WORKER, now=now)
    prior, prior_digest = _write_prior(row, benefits, now)
    chunks = max(1, min(MOST_CHUNKS, ruled.rows // CHUNK_ROWS))
    result = f"benefits_{row.id.hex}"
    selection = selection_of(row, ruled.result_table, prior, chunks)
    _write_result(result, selection, _version_of(ruled.table_version), now)
    row.rule_run, row.rulebook, row.table_version = ruled.id, ruled.rulebook, ruled.table_version
    row.rule_versions = {rule: get_rule(rule, rulebook=ruled.rulebook).version for rule in rules}
    row.prior_table, row.prior_digest = prior, prior_digest
    row.result_table, row.result_hash = result, _result_hash(result)
    row.people, row.chunks, row.computed_at = ruled.rows, chunks, now
    row.totals = [asdict(total) for total in _totals(result, benefits, ruled)]
    row.save()
    record(_entry(row, now))


def _version_of(label: str) -> int:
    return int(label.rpartition("@")[2])


def _write_prior(row: BenefitRun, benefits: Sequence[Benefit], now: datetime) -> tuple[str, str]:
    name = f"benefits_prior_{row.id.hex}"
    target = Target(name, PRIOR_SCHEMA)
    digests: list[bytes] = []
    parts = stage_parts(target, _digested(prior_batches(benefits, row.on_date), digests), root=lake_root())
    commit_parts(target, parts, at=now, root=lake_root())
    return name, sm3(b"".join(digests)).hex()


def _digested(batches: Any, digests: list[bytes]) -> Any:
    for batch in batches:
        digests.append(sm3(repr(batch.to_pydict()).encode()))
        yield batch


def _write_result(name: str, selection: Selection, version: int, now: datetime) -> None:
    """In two steps, so that memory holds only those who are entitled, not everybody."""
    candidates = name.replace("benefits_", "benefits_found_", 1)
    entity: dict[str, int | None] = {selection.table: version}
    _write(candidates, candidates_sql(selection), {selection.verdicts: None, **entity}, now)
    _write(name, selection_sql(selection, candidates), {candidates: None, selection.prior: None, **entity}, now)


def _write(name: str, sql: str, tables: Mapping[str, int | None], now: datetime) -> None:
    with connect(tables, limits=Limits(memory_mib=MEMORY_MIB)) as lake:
        reader = lake.stream(sql)
        target = Target(name, reader.schema)
        commit_parts(target, stage_parts(target, reader, root=lake_root()), at=now, root=lake_root())


def _result_hash(table: str) -> str:
    with connect([table]) as lake:
        rows = lake.execute(hash_sql(table)).fetchall()
    return sm3("\n".join(f"{chunk}:{digest}" for chunk, digest in rows).encode()).hex()


def _totals(table: str, benefits: Sequence[Benefit], ruled: RuleRun) -> list[BenefitTotal]:
    with connect([table]) as lake:
        counted = {row[0]: row[1:] for row in lake.execute(totals_sql(table)).fetchall()}
    tallies = {tally.rule: tally for tally in ruled.tallies}
    return [_total(each, counted.get(each.code, ()), tallies) for each in benefits]


def _total(benefit: Benefit, counts: Sequence[int], tallies: Mapping[str, Tally]) -> BenefitTotal:
    right, amount = tallies[benefit.rule], tallies[benefit.amount]
    known = dict(zip(COUNTED, counts, strict=False))
    known |= {"unknown": right.unknown, "failed": right.failed + amount.failed}
    return BenefitTotal(benefit.code, **known)


def _entry(row: BenefitRun, now: datetime) -> Entry:
    data = {
        "pack": current_release().digest,
        "table": row.table_version,
        "prior": row.prior_digest,
        "on": row.on_date.isoformat(),
        "people": row.people,
        "result": row.result_hash,
        "planned_by": row.planned_by,
    }
    rule = f"rulebook:{row.rulebook}"
    return Entry(uuid7(now), now, WORKER.ref, "benefits.run", f"benefit_run:{row.id}", rule=rule, data=data)
