"""lake/*.yaml: the tables a pack declares, one a file. Their columns are the facts that rules may read."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from zhicheng.core.lake.base import Tables, load_tables
from zhicheng.core.lake.policy.schema import KIND, body_of
from zhicheng.core.packs.public import Fault, PackSource, Section, pin_definition


def check(_value: Tables, _pack: PackSource) -> Iterable[Fault]:
    """Nothing of a table needs another section."""
    return ()


def install(value: Tables, _pack: PackSource, now: datetime) -> None:
    """Pin each declaration, so that an old version of a table can still be read with the words of its time."""
    for item in value:
        pin_definition(KIND, item.value.code, body_of(item.value), label=item.value.label, now=now)


def describe(value: Tables) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Tables and their columns."""
    for item in value:
        table = item.value
        yield "数据表", table.code, table.label, {"键": table.key, "来源": table.source}
        for column in table.columns:
            codes = "、".join(f"{code}={label}" for code, label in column.codes.items())
            fields = {
                "类型": column.type.value,
                "单位": column.unit,
                "最小": "" if column.least is None else column.least,
                "最大": "" if column.most is None else column.most,
                "代码": codes,
                "可为空": "是" if column.nullable else "否",
                "个人信息": "是" if column.personal else "否",
            }
            yield "数据列", f"{table.code}.{column.code}", column.label, fields


TABLES = Section("lake", "数据表", load_tables, check, install, describe)
