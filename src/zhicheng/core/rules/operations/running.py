"""A bulk run: every verdict and amount for a whole population, in one query, with one entry in the ledger."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from zhicheng.core.lake.public import Target, commit_parts, connect, lake_root, note_changed, stage_parts
from zhicheng.core.ledger.public import record, sm3
from zhicheng.core.ledger.values import Entry
from zhicheng.core.packs.public import current_release
from zhicheng.core.parties.values import Actor
from zhicheng.core.rules.models import RuleRun
from zhicheng.core.rules.operations.sweeping import VERDICTS
from zhicheng.core.rules.policy.tallying import quoted, tally_sql
from zhicheng.core.rules.queries.books import PinnedBook, current_rulebook, get_book
from zhicheng.core.rules.queries.projected import VERDICT_TABLE
from zhicheng.core.rules.queries.trusting import trusting
from zhicheng.core.rules.values import Run, Tally
from zhicheng.engines.rules.bulk import BulkOptions, compile_bulk
from zhicheng.kit.ids import uuid7

FAILED_SEPARATOR = ";"


def run_population(entity: str, rule_ids: Sequence[str], *, on: date, actor: Actor, now: datetime) -> Run:
    """Decide rules for everybody in an entity's table, by the installed rulebook and the newest table version.

    The results are a table of the lake, `run.result_table`: the key, one column a rule named by its id, and `failed`,
    the rules that could not be evaluated for the row, joined by `;`, NULL where all could.

    Raises:
        RuleUnknown, MixedEntities: a rule is not there, or is about something else.
        TableUnknown: the entity's table holds nothing yet.
    """
    pinned = get_book(current_rulebook())
    pinned.require(rule_ids, entity=entity)
    run = uuid7(now)
    table = f"{VERDICTS}{run.hex}"
    with connect([entity]) as lake:
        source = lake.versions[entity]
        reader = lake.stream(_result_sql(pinned, entity, rule_ids, on, trusting(lake.accounts[entity])))
        target = Target(table, reader.schema, pinned.book.entities[entity].key)
        parts = stage_parts(target, reader, root=lake_root())
    version = commit_parts(target, parts, at=now, root=lake_root())
    tallies, digest = _tally(pinned, rule_ids, table)
    found = Run(run, entity, on, now, actor.ref, pinned.hash, source.label, table, digest, version.rows, tuple(tallies))
    with transaction.atomic():
        _store(found)
        note_changed(VERDICT_TABLE, [found.id], now=now)
        record(_entry(found, source.digest))
    return found


def _result_sql(pinned: PinnedBook, entity: str, rule_ids: Sequence[str], on: date, options: BulkOptions) -> str:
    query = compile_bulk(pinned.book, rule_ids, quoted(entity), day=on, options=options)
    failed = f"array_to_string(failed, '{FAILED_SEPARATOR}')"
    return f"SELECT * REPLACE ({failed} AS failed) FROM ({query.sql})"


def _tally(pinned: PinnedBook, rules: Sequence[str], table: str) -> tuple[list[Tally], str]:
    """The counts of each rule, and a hash that is the same for the same results in any order."""
    relation = f"(SELECT * REPLACE (string_split(failed, '{FAILED_SEPARATOR}') AS failed) FROM {quoted(table)})"
    with connect([table]) as lake:
        row = lake.execute(tally_sql(pinned.book, rules, relation)).fetchone() or ()
    rows, mixed = row[0], row[1]
    tallies = [_tally_of(rule, rows, row[2 + 5 * place : 7 + 5 * place]) for place, rule in enumerate(rules)]
    told = [str(rows), str(mixed), *(f"{asdict(tally)}" for tally in tallies)]
    return tallies, sm3("\n".join(told).encode()).hex()


def _tally_of(rule: str, rows: int, counts: Sequence[Any]) -> Tally:
    yes, no, values, failed, total = counts
    unknown = rows - yes - no - values - failed
    return Tally(rule, yes, no, unknown, values, failed, None if total is None else Decimal(total))


def _store(run: Run) -> None:
    tallies = [{**asdict(tally), "total": None if tally.total is None else str(tally.total)} for tally in run.tallies]
    RuleRun.objects.create(
        id=run.id,
        entity=run.entity,
        on_date=run.on,
        at=run.at,
        actor_ref=run.actor_ref,
        rulebook=run.rulebook,
        table_version=run.table_version,
        result_table=run.result_table,
        result_hash=run.result_hash,
        rows=run.rows,
        tallies=tallies,
    )


def _entry(run: Run, source_digest: str) -> Entry:
    data = {
        "pack": current_release().digest,
        "table": run.table_version,
        "table_digest": source_digest,
        "on": run.on.isoformat(),
        "rules": len(run.tallies),
        "rows": run.rows,
        "failed": sum(tally.failed for tally in run.tallies),
        "result": run.result_hash,
    }
    rule = f"rulebook:{run.rulebook}"
    return Entry(uuid7(run.at), run.at, run.actor_ref, "rules.run", f"rule_run:{run.id}", rule=rule, data=data)
