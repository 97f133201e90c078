"""Reading `lake/*.yaml` of a pack: the tables it declares, one a file, with every fault found on the way."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.core.lake.values import Column, ColumnType, EntityTable
from zhicheng.core.packs.public import Fault, Item, Loaded, Row, load_folder, parse_items, parse_row, rows_at

_CODE = r"^[a-z][a-z0-9_]{0,62}$"


class ColumnLine(BaseModel):
    """One column as written."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern=_CODE)
    label: str = Field(min_length=1, max_length=64)
    type: Literal["boolean", "integer", "decimal", "text", "date", "real", "timestamp", "geometry"]
    unit: str = Field(default="", max_length=16)
    codes: dict[str, str] = Field(default_factory=dict)
    nullable: bool = True
    personal: bool = False
    least: int | None = Field(default=None, ge=-(10**13), le=10**13)
    most: int | None = Field(default=None, ge=-(10**13), le=10**13)

    def given(self) -> dict[str, Any]:
        """The fields of a `Column`, and those that a more special line adds."""
        return {**self.model_dump(), "type": ColumnType(self.type)}


L = TypeVar("L", bound=ColumnLine)


class TableFile(BaseModel):
    """One file, without its columns."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern=_CODE)
    label: str = Field(min_length=1, max_length=64)
    key: str = Field(pattern=_CODE)
    source: str = Field(min_length=2, max_length=128)
    columns: list[Any] = Field(min_length=1)


Tables = Sequence[Item[EntityTable]]


def load_tables(root: Path) -> Loaded:
    """Read every file of the folder; a pack without the folder has no tables."""
    return Loaded(*load_folder(root, "lake", _read))


def read_columns(row: Row, model: type[L]) -> tuple[list[Item[L]], list[Fault]]:
    """The columns that a file declares, with what is wrong with them; a column whose line is faulty is left out."""
    rows, faults = rows_at(row, "columns")
    columns, found = parse_items(rows, model)
    found = [*faults, *found]
    return columns, found or [*_repeated(columns), *_code_faults(columns), *_range_faults(columns)]


def _read(row: Row) -> tuple[EntityTable | None, list[Fault]]:
    head, faults = parse_row(row, TableFile)
    columns, found = read_columns(row, ColumnLine)
    faults += found
    if head is None or len(columns) < len(head.value.columns):
        return None, faults
    faults += key_faults(row, head.value.key, columns)
    if row.file != f"lake/{head.value.code}.yaml":
        message = f"表 {head.value.code} 写在 {row.file} 里。"
        faults.append(head.fault("lake.file_name", message, "文件名应与 code 相同。", key="code"))
    line = head.value
    columns_of = tuple(Column(**item.value.given()) for item in columns)
    return EntityTable(line.code, line.label, line.key, line.source, columns_of), faults


def _repeated(columns: Sequence[Item[L]]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for item in columns:
        if item.value.code in first:
            message = f"列 {item.value.code} 与第 {first[item.value.code]} 行重复。"
            yield item.fault("lake.duplicate_column", message, "请删去一处，或改正名称。", key="code")
        first.setdefault(item.value.code, item.row.line)


def _code_faults(columns: Sequence[Item[L]]) -> Iterator[Fault]:
    for item in columns:
        line = item.value
        if line.codes and line.type not in {"text", "integer"}:
            message = f"列 {line.code} 是 {line.type}，不能有代码表。"
            yield item.fault("lake.codes", message, "只有 text 和 integer 的列可以写 codes。", key="codes")
        elif line.type == "integer" and not all(_is_integer(code) for code in line.codes):
            message = f"列 {line.code} 是整数，代码表里却有不是整数的代码。"
            yield item.fault("lake.codes", message, "请改正代码，或把 type 改为 text。", key="codes")


def _range_faults(columns: Sequence[Item[L]]) -> Iterator[Fault]:
    for item in columns:
        line = item.value
        if (line.least, line.most) == (None, None):
            continue
        if line.type not in {"integer", "decimal", "real"}:
            message = f"列 {line.code} 是 {line.type}，不能有数值范围。"
            yield item.fault(
                "lake.range", message, "只有 integer、decimal 和 real 的列可以写 least、most。", key="code"
            )
        elif line.least is not None and line.most is not None and line.least > line.most:
            message = f"列 {line.code} 的 least 大于 most。"
            yield item.fault("lake.range", message, "请对调或改正两个数。", key="least")


def _is_integer(code: str) -> bool:
    return code.removeprefix("-").isdecimal()


def key_faults(row: Row, code: str, columns: Sequence[Item[L]]) -> Iterator[Fault]:
    """The key is one of the columns, text and never empty."""
    key = next((item for item in columns if item.value.code == code), None)
    if key is None:
        message = f"键 {code} 不是这张表的列。"
        yield row.fault("lake.key", message, "key 应是 columns 里的一列。", key="key")
    elif key.value.type != "text" or key.value.nullable:
        message = f"键 {code} 应是不能为空的文字。"
        yield key.fault("lake.key", message, "请写 type: text 和 nullable: false。", key="type")


def read_tables(root: Path) -> dict[str, EntityTable]:
    """The tables that a pack folder declares, by code; those with faults may be missing."""
    return {item.value.code: item.value for item in load_tables(root).value}
