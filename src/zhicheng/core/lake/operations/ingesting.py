"""Ingest: every row of a source is checked; those that do not fit are listed with their reason, none is lost."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from zhicheng.core.lake.errors import ColumnsMissing, TableUnknown
from zhicheng.core.lake.gate.duplicates import BEFORE, Repeated, find_repeated
from zhicheng.core.lake.gate.parts import Part, PartWriter, discard
from zhicheng.core.lake.gate.rejections import RejectionWriter, Rows
from zhicheng.core.lake.gate.sources import Given, Source, open_source
from zhicheng.core.lake.gate.versions import snapshot, table_folder
from zhicheng.core.lake.models import Ingest
from zhicheng.core.lake.operations.writing import Target, commit_parts
from zhicheng.core.lake.policy.casting import Cast, cast_batch
from zhicheng.core.lake.policy.schema import arrow_schema
from zhicheng.core.lake.queries.ingests import rejections_path
from zhicheng.core.lake.queries.tables import get_entity, lake_root
from zhicheng.core.lake.values import EntityTable, IngestReport, Mode, Reason
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.kit.ids import uuid7

Refine = Callable[[pa.RecordBatch], Cast]


@dataclass(frozen=True)
class Prepared:
    """A source with a name of its own, whose batches are looked at again after they were cast.

    `refine` may change each batch, and find more that is wrong with its rows.
    """

    given: Given | Source
    refine: Refine | None = None
    name: str = ""


@dataclass
class _Tally:
    """What was seen so far. `kept` are the source's row numbers of accepted rows, in the order of the data files."""

    read: int = 0
    rejected: int = 0
    kept: list[Rows] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)


def ingest(
    table: str | EntityTable, source: Given | Prepared, *, mode: Mode = Mode.REPLACE, actor: str, now: datetime
) -> IngestReport:
    """Read a file or batches into a declared table of the city's lake, as one new version.

    Of several rows with one key the first is taken. The report accounts for every row; `list_rejections` has them.

    Raises:
        EntityUndeclared: the installed pack does not declare the table.
        SourceUnreadable: the source is no table; nothing was written.
        ColumnsMissing: it lacks a column that may not be empty; nothing was written.
        TableChangedMeanwhile: somebody else wrote at the same time; nothing was changed.
    """
    declared = get_entity(table) if isinstance(table, str) else table
    prepared = source if isinstance(source, Prepared) else Prepared(source)
    given = prepared.given
    opened = given if isinstance(given, Source) else open_source(given, name=prepared.name)
    lacking = [column.code for column in declared.columns if column.code not in opened.columns]
    _require_columns(declared, opened, lacking)
    number = uuid7(now)
    tally = _Tally()
    with RejectionWriter(rejections_path(number)) as rejections:
        parts = _stage(declared, opened, tally, rejections, prepared.refine)
        parts = _drop_repeated(declared, parts, mode, tally, rejections)
    return _store(_Result(number, declared, opened, parts, mode, tally, tuple(lacking)), actor, now)


def _require_columns(table: EntityTable, source: Source, lacking: list[str]) -> None:
    needed = [code for code in lacking if not table.column(code).nullable]
    if needed:
        labels = "、".join(f"{code}（{table.column(code).label}）" for code in needed)
        raise ColumnsMissing(name=source.name, columns=labels)


def _stage(
    table: EntityTable, source: Source, tally: _Tally, rejections: RejectionWriter, refine: Refine | None
) -> list[Part]:
    folder = table_folder(lake_root(), table.code)
    with PartWriter(folder, arrow_schema(table), table.key) as writer:
        for numbers, batch in source.batches():
            cast = _refined(cast_batch(batch, table), refine)
            good = np.ones(batch.num_rows, bool)
            for finding in cast.findings:
                good[finding.rows] = False
                rejections.add(numbers[finding.rows], finding.column, finding.reason, finding.values)
                tally.reasons[finding.reason.value] += len(finding.rows)
            writer.add(cast.batch if good.all() else cast.batch.filter(pa.array(good)))
            tally.kept.append(numbers[good])
            tally.read += batch.num_rows
            tally.rejected += int((~good).sum())
    bad = np.array(source.bad_rows, np.int64)
    rejections.add(bad, None, Reason.WRONG_SHAPE, pa.nulls(len(bad), pa.string()))
    tally.read += len(bad)
    tally.rejected += len(bad)
    if len(bad):
        tally.reasons[Reason.WRONG_SHAPE.value] += len(bad)
    return writer.parts


def _refined(cast: Cast, refine: Refine | None) -> Cast:
    if refine is None:
        return cast
    more = refine(cast.batch)
    return Cast(more.batch, (*cast.findings, *more.findings))


def _drop_repeated(
    table: EntityTable, parts: list[Part], mode: Mode, tally: _Tally, rejections: RejectionWriter
) -> list[Part]:
    repeated = find_repeated(parts, _files_before(table, mode), table.key)
    if not len(repeated.rows):
        return parts
    numbers = np.concatenate(tally.kept)
    others = np.where(repeated.first == BEFORE, 0, numbers[np.maximum(repeated.first, 0)])
    values = pa.nulls(len(repeated.rows), pa.string())
    rejections.add(numbers[repeated.rows], table.column(table.key), Reason.DUPLICATE_KEY, values, others)
    tally.reasons[Reason.DUPLICATE_KEY.value] += len(repeated.rows)
    tally.rejected += len(repeated.rows)
    return _without(table, parts, repeated)


def _files_before(table: EntityTable, mode: Mode) -> tuple[Path, ...]:
    if mode is Mode.REPLACE:
        return ()
    try:
        return snapshot(table_folder(lake_root(), table.code)).files
    except TableUnknown:
        return ()


def _without(table: EntityTable, parts: list[Part], repeated: Repeated) -> list[Part]:
    """Write the files again that hold repeated rows."""
    left, start = [], 0
    for part in parts:
        inside = repeated.rows[(repeated.rows >= start) & (repeated.rows < start + part.rows)] - start
        start += part.rows
        if not len(inside):
            left.append(part)
            continue
        good = np.ones(part.rows, bool)
        good[inside] = False
        with PartWriter(part.path.parent, arrow_schema(table), table.key) as writer:
            for batch in pq.read_table(part.path).filter(pa.array(good)).to_batches():
                writer.add(batch)
        left += writer.parts
        discard([part])
    return left


@dataclass(frozen=True)
class _Result:
    number: UUID
    table: EntityTable
    source: Source
    parts: list[Part]
    mode: Mode
    tally: _Tally
    absent: tuple[str, ...]


def _store(result: _Result, actor: str, now: datetime) -> IngestReport:
    table, tally = result.table, result.tally
    target = Target(table.code, arrow_schema(table), table.key, result.mode)
    digest = result.source.digest.hex()
    counts = {"read": tally.read, "accepted": tally.read - tally.rejected, "rejected": tally.rejected}
    ignored = tuple(code for code in result.source.columns if code not in table.codes)
    with transaction.atomic():
        version = commit_parts(target, result.parts, at=now, root=lake_root())
        Ingest.objects.create(
            id=result.number,
            table=table.code,
            version=version.version,
            mode=result.mode.value,
            source=result.source.name[:255],
            digest=digest,
            reasons=dict(tally.reasons),
            absent=list(result.absent),
            ignored=list(ignored),
            actor_ref=actor,
            at=now,
            **counts,
        )
        data: dict[str, object] = {
            "ingest": str(result.number),
            "mode": result.mode.value,
            "source_digest": digest,
            **counts,
        }
        data |= {"version_digest": version.digest, "reasons": dict(tally.reasons)}
        record(Entry(uuid7(now), now, actor, "lake.ingest", f"table:{version.label}", data=data))
    path = rejections_path(result.number) if tally.rejected else None
    return IngestReport(
        id=result.number,
        table=table.code,
        version=version,
        reasons=dict(tally.reasons),
        absent=result.absent,
        ignored=ignored,
        rejections=path,
        **counts,
    )
