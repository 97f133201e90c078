"""Reading CSV: a header, one record a row, the line of each record kept."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from zhicheng.core.packs.base.files import read_text
from zhicheng.core.packs.base.section import Fault, Row


def read_csv(
    root: Path,
    relative: str,
    *,
    columns: Sequence[str] = (),
    optional: Sequence[str] = (),
    filled: bool = False,
) -> tuple[list[Row], list[Fault]]:
    """Read a CSV file (UTF-8, with or without byte order mark), cells trimmed, blank lines skipped.

    With `columns`, each of them must be in the header; a column that is neither there nor in `optional` is
    a fault.
    A row with too few or too many cells is a fault and is left out; with `filled`, so is a file without rows.
    """
    text, faults = read_text(root, relative)
    if faults:
        return [], faults
    records = _records(text)
    try:
        header_line, header = next(records, (1, []))
        faults = _header_faults(relative, header_line, header, columns, optional)
        if faults:
            return [], faults
        rows = [_row(relative, line, header, cells, faults) for line, cells in records]
    except _UnreadableError as error:
        hint = "请检查这一行附近的双引号是否成对；内容里的双引号要写成两个。"
        return [], [Fault(relative, error.line, "csv.quote", "从这一行起读不下去：引号没有闭合或位置不对。", hint)]
    if filled and not rows:
        faults = [Fault(relative, header_line, "csv.no_rows", "只有表头，没有内容。", "请从第二行起填写，每行一条。")]
    return [row for row in rows if row is not None], faults


class _UnreadableError(ValueError):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise _UnreadableError(line) from None
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip() for cell in cells]
        line = reader.line_num + 1


def _header_faults(
    relative: str, line: int, header: list[str], columns: Sequence[str], optional: Sequence[str]
) -> list[Fault]:
    if not header:
        return [Fault(relative, 1, "csv.empty", "文件是空的，连表头也没有。", _columns_hint(columns))]
    faults = []
    missing = [column for column in columns if column not in header]
    if missing:
        hint = "请用英文逗号分隔各列。" if len(header) == 1 and ";" in header[0] else _columns_hint(columns)
        faults.append(Fault(relative, line, "csv.missing_column", f"表头缺少列：{'、'.join(missing)}。", hint))
    twice = [column for column, count in Counter(header).items() if count > 1]
    if twice:
        faults.append(
            Fault(relative, line, "csv.duplicate_column", f"表头有重复的列：{'、'.join(twice)}。", "请删去一列。")
        )
    unknown = [column for column in header if columns and column not in {*columns, *optional}]
    if unknown:
        hint = f"可用的列：{'、'.join([*columns, *optional])}。请改正列名或删去这一列。"
        faults.append(Fault(relative, line, "csv.unknown_column", f"表头有不认识的列：{'、'.join(unknown)}。", hint))
    return faults


def _columns_hint(columns: Sequence[str]) -> str:
    return f"第一行应为表头：{','.join(columns)}。" if columns else "第一行应为表头。"


def _row(relative: str, line: int, header: list[str], cells: list[str], faults: list[Fault]) -> Row | None:
    if len(cells) == len(header):
        return Row(relative, line, dict(zip(header, cells, strict=True)))
    message = f"这一行有 {len(cells)} 格，表头有 {len(header)} 列。"
    hint = "内容里有英文逗号时，整格要用双引号括起来；空格也要保留逗号。"
    faults.append(Fault(relative, line, "csv.ragged", message, hint))
    return None
