"""What a version says of its own columns."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from zhicheng.core.lake.gate.accounts import account_of
from zhicheng.core.lake.gate.parts import GROUP_ROWS
from zhicheng.core.lake.public import Target, connect, write_table
from zhicheng.core.lake.tests.conftest import CLERK, NOW
from zhicheng.core.lake.values import Holds, Mode

pytestmark = pytest.mark.django_db
SCHEMA = pa.schema(
    [("code", pa.string()), ("amount", pa.int64()), ("day", pa.date32()), ("rate", pa.decimal128(18, 4))]
)
Row = tuple[str, int | None, date | None, Decimal | None]
LI: Row = ("li", 3, date(1990, 5, 1), Decimal(1))
WANG: Row = ("wang", None, date(2024, 2, 29), None)


def write(*rows: Row, after_s: int = 0, mode: Mode = Mode.REPLACE) -> None:
    table = pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in rows], SCHEMA)
    target = Target("amounts", SCHEMA, "code", mode)
    write_table(target, table.to_batches(), actor=CLERK, now=NOW + timedelta(seconds=after_s))


class TestAccount:
    def test_has_the_ends_and_the_nulls_of_every_column(self):
        write(LI, WANG)
        with connect() as lake:
            account = lake.accounts["amounts"]
        assert account["amount"] == Holds(3, 3, 1, 2)
        assert account["day"] == Holds(date(1990, 5, 1), date(2024, 2, 29), 0, 2)
        assert (account["code"].nulls, account["rate"].nulls) == (0, 1)

    def test_takes_appended_files_together(self):
        write(LI)
        write(("chen", -7, None, None), WANG, after_s=1, mode=Mode.APPEND)
        with connect() as lake:
            assert lake.accounts["amounts"]["amount"] == Holds(-7, 3, 1, 3)
            assert lake.accounts["amounts"]["day"].nulls == 1

    def test_covers_every_row_group(self):
        rows: list[Row] = [(f"k{number}", number, None, None) for number in range(GROUP_ROWS + 3)]
        write(*rows)
        with connect() as lake:
            assert lake.accounts["amounts"]["amount"] == Holds(0, GROUP_ROWS + 2, 0, GROUP_ROWS + 3)
            assert lake.accounts["amounts"]["day"] == Holds(None, None, GROUP_ROWS + 3, GROUP_ROWS + 3)

    def test_has_nothing_where_one_file_says_nothing(self):
        counted = {"num_records": 2, "null_count.amount": 0, "min.amount": 1, "max.amount": 2}
        assert account_of([counted])["amount"] == Holds(1, 2, 0, 2)
        assert account_of([counted, {"num_records": 5, "null_count.amount": None}]) == {}

    def test_has_no_ends_where_one_file_does_not_say_them(self):
        counted = {"num_records": 2, "null_count.amount": 0, "min.amount": 1, "max.amount": 2}
        endless = {"num_records": 5, "null_count.amount": 1, "min.amount": None, "max.amount": None}
        assert account_of([counted, endless])["amount"] == Holds(None, None, 1, 7)


class TestHold:
    def test_answers_the_same_from_memory(self, home: Path):
        write(LI, WANG)
        sql = "SELECT code, amount, day FROM amounts ORDER BY code"
        with connect() as lake:
            from_files = lake.execute(sql).fetchall()
            lake.hold("amounts", ["code", "amount", "day"])
            for file in (home / "lake" / "amounts").glob("*.parquet"):
                file.unlink()
            assert lake.execute(sql).fetchall() == from_files
            assert lake.execute("SELECT typeof(amount) FROM amounts LIMIT 1").fetchone() == ("INTEGER",)
