"""Verification of the whole ledger: reads in batches, holds no lock, may run many times at once."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection

from zhicheng.core.ledger.crypto import is_genuine, public_key
from zhicheng.core.ledger.policy.audit import ChainAudit, SealedRow
from zhicheng.core.ledger.policy.chain import entry_digest
from zhicheng.core.ledger.queries.checkpoints import file_checkpoints, table_checkpoints
from zhicheng.core.ledger.values import Checkpoint, Entry, Finding, FindingKind, VerifyReport

_BATCH = 5_000
_FIELDS = "id, at, actor, action, subject, reason, rule, data, digest"
_SEALED = f"SELECT {_FIELDS}, seq, chain FROM ledger_entry WHERE seq > %s ORDER BY seq LIMIT {_BATCH}"
_UNSEALED = f"""
SELECT {_FIELDS} FROM ledger_entry WHERE seq IS NULL AND (at, id) > (%s, %s) ORDER BY at, id LIMIT {_BATCH}
"""
_FIRST_SEQ = -(2**63)
_FILE_MAY_LAG = timedelta(minutes=10)  # between the commit of a batch and its line in the file, crashes included


@dataclass
class _Checkpoints:
    """What table and file hold, the genuine ones by place; `faults` are the others."""

    table: dict[int, Checkpoint] = field(default_factory=dict)
    file: dict[int, Checkpoint] = field(default_factory=dict)
    faults: list[Finding] = field(default_factory=list)


def verify(*, now: datetime) -> VerifyReport:
    """Recompute every digest and every link, and hold them against the signed checkpoints.

    Raises:
        SigningKeyMissing: there are checkpoints but no key to check them with.
    """
    started = time.perf_counter()
    checkpoints = _read_checkpoints()
    audit = ChainAudit()
    entries, chains = 0, {}
    places = checkpoints.table.keys() | checkpoints.file.keys()
    for row in _sealed_rows():
        audit.add(row)
        entries += 1
        if row.seq in places:
            chains[row.seq] = row.chain
    audit.finish()
    unsealed, unsealed_since, unsealed_findings = _check_unsealed()
    return VerifyReport(
        at=now,
        entries=entries,
        unsealed=unsealed,
        checkpoints=len(places),
        findings=(
            *audit.findings,
            *unsealed_findings,
            *checkpoints.faults,
            *_against_chain(checkpoints, chains, audit.seq),
            *_against_each_other(checkpoints, now),
            *_uncovered(checkpoints, audit.seq),
        ),
        unsealed_age_s=None if unsealed_since is None else max((now - unsealed_since).total_seconds(), 0.0),
        duration_s=time.perf_counter() - started,
    )


def _read_checkpoints() -> _Checkpoints:
    found = _Checkpoints()
    lines = list(file_checkpoints())  # before the table: what is in the file is in the table already
    table = table_checkpoints()
    if not table and not lines:
        return found
    key = public_key()
    for number, checkpoint in lines:
        _sort_in(found.file, found.faults, checkpoint, key, f"检查点文件第 {number} 行")
    for checkpoint in table:
        _sort_in(found.table, found.faults, checkpoint, key, f"数据库中第 {checkpoint.seq} 条处的检查点")
    return found


def _sort_in(
    into: dict[int, Checkpoint],
    faults: list[Finding],
    checkpoint: Checkpoint | None,
    key: Ed25519PublicKey,
    place: str,
) -> None:
    if checkpoint is None:
        faults.append(Finding(FindingKind.CHECKPOINT_FORGED, 0, 0, f"{place}无法读取，内容被改动。"))
    elif not is_genuine(checkpoint, key):
        text = f"{place}签名无效，是伪造或被改动的。"
        faults.append(Finding(FindingKind.CHECKPOINT_FORGED, checkpoint.seq, checkpoint.seq, text))
    else:
        into[checkpoint.seq] = checkpoint


def _sealed_rows() -> Iterator[SealedRow]:
    last = _FIRST_SEQ
    while rows := _fetch(_SEALED, (last,)):
        for row in rows:
            digest, seq, chain = bytes(row[8]), row[9], bytes(row[10] or b"")
            yield SealedRow(seq, digest, chain, _digest(row) == digest)
        last = rows[-1][9]


def _check_unsealed() -> tuple[int, datetime | None, list[Finding]]:
    """How many entries wait for the sealer, since when, and which of them were changed."""
    count, since, findings = 0, None, []
    rows = _fetch("SELECT min(at) FROM ledger_entry WHERE seq IS NULL", ())
    position: tuple[Any, ...] = ("-infinity", "00000000-0000-0000-0000-000000000000")
    since = rows[0][0]
    while rows := _fetch(_UNSEALED, position):
        count += len(rows)
        for row in rows:
            if _digest(row) != bytes(row[8]):
                text = f"尚未封存的记录 {row[0]} 的内容与其摘要不符，内容已被改动。"
                findings.append(Finding(FindingKind.CHANGED, 0, 0, text))
        position = (rows[-1][1], rows[-1][0])
    return count, since, findings


def _against_chain(found: _Checkpoints, chains: Mapping[int, bytes], last: int) -> Iterator[Finding]:
    """Checkpoints that the chain does not meet, and those beyond its end."""
    furthest, sound = last, 0
    for seq, checkpoint in sorted({**found.table, **found.file}.items()):
        furthest = max(furthest, seq)
        chain = chains.get(seq)
        if chain == checkpoint.chain:
            sound = seq
        elif chain is not None:
            text = f"第 {seq} 条处的签名检查点与链值不符：第 {sound + 1} 至 {seq} 条中有内容被改写并重新计算了链值。"
            yield Finding(FindingKind.CHECKPOINT_MISMATCH, sound + 1, seq, text)
    if furthest > last:
        text = f"台账末尾被截断：签名检查点证明曾有第 {furthest} 条，现在只到第 {last} 条。"
        yield Finding(FindingKind.TRUNCATED, last + 1, furthest, text)


def _against_each_other(found: _Checkpoints, now: datetime) -> Iterator[Finding]:
    """Checkpoints that only one of table and file still has, or that differ."""
    file_end = max(found.file, default=0)
    for seq in sorted(found.file.keys() - found.table.keys()):
        text = f"数据库中第 {seq} 条处的检查点已被删除，文件中仍有。"
        yield Finding(FindingKind.CHECKPOINT_REMOVED, seq, seq, text)
    for seq in sorted(found.table.keys() - found.file.keys()):
        if seq < file_end or now - found.table[seq].at > _FILE_MAY_LAG:
            text = f"检查点文件中缺少第 {seq} 条处的检查点，数据库中仍有。"
            yield Finding(FindingKind.CHECKPOINT_REMOVED, seq, seq, text)
    for seq in sorted(found.table.keys() & found.file.keys()):
        if found.table[seq].chain != found.file[seq].chain:
            text = f"第 {seq} 条处的检查点在数据库与文件中不一致：台账曾被还原后重写。"
            yield Finding(FindingKind.CHECKPOINT_MISMATCH, seq, seq, text)


def _uncovered(found: _Checkpoints, last: int) -> Iterator[Finding]:
    """Sealed entries beyond the last checkpoint: a batch and its checkpoint commit together, so there are none.

    Batches sealed during this verification are looked up again.
    """
    covered = max((*found.table, *found.file), default=0)
    covered = max((checkpoint.seq for checkpoint in table_checkpoints(after=covered)), default=covered)
    if last > covered:
        text = f"第 {covered + 1} 至 {last} 条没有检查点覆盖：检查点被删除，或这些记录是补造的。"
        yield Finding(FindingKind.CHECKPOINT_REMOVED, covered + 1, last, text)


def _digest(row: Sequence[Any]) -> bytes:
    id_, at, actor, action, subject, reason, rule, data = row[:8]
    return entry_digest(Entry(id_, at, actor, action, subject, reason, rule, json.loads(data)))


def _fetch(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
