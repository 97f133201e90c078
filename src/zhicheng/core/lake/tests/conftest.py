from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhicheng.core.lake.values import Column, ColumnType, EntityTable

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
CLERK = "account:clerk"
RESIDENT = EntityTable(
    "resident",
    "居民",
    "resident_key",
    "测试库",
    (
        Column("resident_key", "居民键", ColumnType.TEXT, nullable=False),
        Column("born", "出生日期", ColumnType.DATE, personal=True),
        Column("sex", "性别", ColumnType.TEXT, codes={"male": "男", "female": "女"}),
        Column("level", "等级", ColumnType.INTEGER, codes={"0": "无", "1": "一级"}),
        Column("months", "月数", ColumnType.INTEGER, unit="月", least=0, most=1200),
        Column("rate", "比率", ColumnType.DECIMAL, most=100),
        Column("employed", "在业", ColumnType.BOOLEAN, nullable=False),
    ),
)
HEADER = "resident_key,born,sex,level,months,rate,employed"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def write_csv(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "residents.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path
