"""What the columns of a version hold: counted when a data file is written, kept in the log beside the file's name.

These are Delta's own statistics (`minValues`, `maxValues`, `nullCount`). A version has an account only if each of its
files has one, so that nobody trusts a file that something else wrote.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from zhicheng.core.lake.values import Holds

Account = Mapping[str, Holds]


def count_file(path: Path) -> Account:
    """The account of a data file that is written whole: from its footer, so that no row is read again."""
    footer = pq.read_metadata(path)
    groups = [footer.row_group(index) for index in range(footer.num_row_groups)]
    found = {}
    for place, field in enumerate(footer.schema.to_arrow_schema()):
        counts = [group.column(place).statistics for group in groups]
        if all(count is not None and count.has_null_count for count in counts):
            found[field.name] = _holds(field.type, counts, footer.num_rows)
    return found


def _holds(kind: pa.DataType, counts: Sequence[Any], rows: int) -> Holds:
    nulls = sum(count.null_count for count in counts)
    ended = [count for count in counts if count.has_min_max]
    if not _is_ordered(kind) or sum(count.num_values for count in ended) + nulls != rows or not ended:
        return Holds(None, None, nulls, rows)
    return Holds(min(count.min for count in ended), max(count.max for count in ended), nulls, rows)


def _is_ordered(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_date(kind))


def to_stats(account: Account, rows: int) -> str:
    """As the log of Delta Lake has it."""
    ended = {name: held for name, held in account.items() if held.least is not None}
    stats = {
        "numRecords": rows,
        "minValues": {name: _plain(held.least) for name, held in ended.items()},
        "maxValues": {name: _plain(held.most) for name, held in ended.items()},
        "nullCount": {name: held.nulls for name, held in account.items()},
    }
    return json.dumps(stats)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def account_of(files: Sequence[Mapping[str, Any]]) -> Account:
    """The account of a version, from the statistics of its files as deltalake gives them: by column and end."""
    names = {key.removeprefix("null_count.") for file in files for key in file if key.startswith("null_count.")}
    found = {name: _together(name, files) for name in sorted(names)}
    return {name: held for name, held in found.items() if held is not None}


def _together(name: str, files: Sequence[Mapping[str, Any]]) -> Holds | None:
    nulls = [file[f"null_count.{name}"] for file in files if file.get(f"null_count.{name}") is not None]
    rows = sum(file["num_records"] for file in files)
    if len(nulls) < len(files):
        return None
    filled = [file for file, count in zip(files, nulls, strict=True) if count < file["num_records"]]
    least = [file[f"min.{name}"] for file in filled if file.get(f"min.{name}") is not None]
    most = [file[f"max.{name}"] for file in filled if file.get(f"max.{name}") is not None]
    if not filled or len(least) < len(filled) or len(most) < len(filled):
        return Holds(None, None, sum(nulls), rows)
    return Holds(min(least), max(most), sum(nulls), rows)
