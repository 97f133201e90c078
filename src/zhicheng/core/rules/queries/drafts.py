"""A reform before it takes effect: a draft pack against the installed one, over today's population."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from zhicheng.core.lake.public import LakeConnection, connect
from zhicheng.core.packs.public import load_pack
from zhicheng.core.rules.base.books import book_of
from zhicheng.core.rules.errors import DraftRefused, RuleUnknown
from zhicheng.core.rules.policy.tallying import quoted
from zhicheng.core.rules.queries.books import PinnedBook, current_rulebook, get_book
from zhicheng.core.rules.values import Comparison, Difference, RuleChange
from zhicheng.engines.rules.book import Rulebook
from zhicheng.engines.rules.bulk import BulkOptions, compile_bulk
from zhicheng.engines.rules.nodes import Kind

_BEFORE, _AFTER = "before.", "after."
_COLUMNS = 8


def compare_draft(root: Path, entity: str, rule_ids: Sequence[str], *, on: date) -> Comparison:
    """Who gains and who loses, and how much, if the pack in a folder took effect. Nothing is installed or stored.

    Raises:
        DraftRefused: the draft's rules have faults.
        RuleUnknown: one of the packs has no such rule.
        TableUnknown: the entity's table holds nothing yet.
    """
    pinned, draft, digest = _books(root, entity, rule_ids)
    with connect([entity]) as lake:
        relation = _both(pinned.book, draft, entity, rule_ids, on)
        parts = ", ".join(part for rule in rule_ids for part in _change_parts(draft, rule))
        row = lake.execute(f"SELECT count(*), {parts} FROM ({relation})").fetchone() or ()
        label = lake.versions[entity].label
    changes = tuple(
        _change(draft, rule, row[1 + _COLUMNS * place : 1 + _COLUMNS * (place + 1)])
        for place, rule in enumerate(rule_ids)
    )
    return Comparison(entity, on, label, pinned.hash, digest, row[0], changes)


def list_differences(root: Path, entity: str, rule: str, *, on: date, limit: int = 100) -> list[Difference]:
    """Some of those whom a draft treats differently by one rule, who lose most first. Raises as `compare_draft`."""
    pinned, draft, _ = _books(root, entity, [rule])
    before, after = quoted(_BEFORE + rule), quoted(_AFTER + rule)
    is_number = draft.latest(rule).node.type.kind is Kind.NUMBER
    loss = f"coalesce({after}, 0) - coalesce({before}, 0)" if is_number else f"coalesce({after} = {before}, FALSE)"
    key = quoted(draft.entities[entity].key)
    with connect([entity]) as lake:
        relation = _both(pinned.book, draft, entity, [rule], on)
        sql = f"SELECT {key}, {before}, {after} FROM ({relation}) WHERE {before} IS DISTINCT FROM {after}"
        return [Difference(*row) for row in _rows(lake, f"{sql} ORDER BY {loss}, 1 LIMIT {int(limit)}")]


def _rows(lake: LakeConnection, sql: str) -> list[Any]:
    return lake.execute(sql).fetchall()


def _books(root: Path, entity: str, rule_ids: Sequence[str]) -> tuple[PinnedBook, Rulebook, str]:
    pinned = get_book(current_rulebook())
    pinned.require(rule_ids, entity=entity)
    pack = load_pack(root)
    draft, problems = book_of(pack.source)
    if problems:
        raise DraftRefused(count=len(problems), first=problems[0].message)
    for rule in rule_ids:
        if rule not in draft.rules:
            raise RuleUnknown(rule=rule)
    return pinned, draft, pack.digest


def _both(current: Rulebook, draft: Rulebook, entity: str, rules: Sequence[str], on: date) -> str:
    """One pass over the table: the current answers ride along while the draft's are computed."""
    needed = compile_bulk(draft, rules, quoted(entity), day=on).facts
    first = compile_bulk(current, rules, quoted(entity), day=on, options=BulkOptions(carry=needed, prefix=_BEFORE))
    answers = tuple(_BEFORE + rule for rule in (*rules, "failed"))
    options = BulkOptions(carry=answers, prefix=_AFTER)
    return compile_bulk(draft, rules, f"({first.sql})", day=on, options=options).sql


def _change_parts(draft: Rulebook, rule: str) -> list[str]:
    before, after = quoted(_BEFORE + rule), quoted(_AFTER + rule)
    failed = [f"count(*) FILTER (list_contains({quoted(side + 'failed')}, '{rule}'))" for side in (_BEFORE, _AFTER)]
    if draft.latest(rule).node.type.kind is Kind.BOOLEAN:
        old, new = f"coalesce({before}, FALSE)", f"coalesce({after}, FALSE)"
        sums = ["0", "0", f"count(*) FILTER ({old})", f"count(*) FILTER ({new})"]
        return [f"count(*) FILTER ({new} AND NOT {old})", f"count(*) FILTER ({old} AND NOT {new})", *sums, *failed]
    if draft.latest(rule).node.type.kind is not Kind.NUMBER:
        changed = f"count(*) FILTER ({before} IS DISTINCT FROM {after})"
        return [changed, changed, "0", "0", "0", "0", *failed]
    old, new = f"coalesce({before}, 0)", f"coalesce({after}, 0)"
    sums = [f"sum({new} - {old}) FILTER ({new} > {old})", f"sum({old} - {new}) FILTER ({old} > {new})"]
    totals = [f"sum({old})", f"sum({new})"]
    return [f"count(*) FILTER ({new} > {old})", f"count(*) FILTER ({old} > {new})", *sums, *totals, *failed]


def _change(draft: Rulebook, rule: str, row: Sequence[Any]) -> RuleChange:
    gain, lose, *sums = row
    gained, lost, before, after = (Decimal(value or 0) for value in sums[:4])
    text = draft.latest(rule).text
    return RuleChange(rule, text.label, text.unit, gain, lose, gained, lost, before, after, *sums[4:])
