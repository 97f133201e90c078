"""What comes in, and that nothing is lost on the way."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhicheng.core.lake.errors import ColumnsMissing, SourceUnreadable
from zhicheng.core.lake.models import Ingest
from zhicheng.core.lake.public import connect, ingest, list_rejections
from zhicheng.core.lake.tests.conftest import CLERK, HEADER, NOW, RESIDENT, write_csv
from zhicheng.core.lake.values import IngestReport, Mode, Reason
from zhicheng.core.ledger.public import list_entries

pytestmark = pytest.mark.django_db
LI = "li,1990-05-01,female,0,12,0.5,true"
WANG = "wang,1985-12-31,male,1,240,1.25,否"


def take(source, mode: Mode = Mode.REPLACE, after_s: int = 0) -> IngestReport:
    return ingest(RESIDENT, source, mode=mode, actor=CLERK, now=NOW + timedelta(seconds=after_s))


def rows_now() -> list[tuple]:
    with connect() as lake:
        return lake.execute("SELECT * FROM resident ORDER BY resident_key").fetchall()


def findings(report: IngestReport) -> list[tuple]:
    return [(found.row, found.column, found.reason, found.value) for found in list_rejections(report.id)]


class TestIngest:
    def test_types_every_column(self, tmp_path: Path):
        report = take(write_csv(tmp_path, LI, WANG))
        assert (report.read, report.accepted, report.rejected, report.rejections) == (2, 2, 0, None)
        assert rows_now()[1] == ("wang", date(1985, 12, 31), "male", 1, 240, Decimal("1.25"), False)

    def test_reads_empty_cells_as_unknown(self, tmp_path: Path):
        take(write_csv(tmp_path, "li,,,,,,yes"))
        assert rows_now() == [("li", None, None, None, None, None, True)]

    @pytest.mark.parametrize(
        ("line", "finding"),
        [
            ("li,1990-02-30,female,0,12,0.5,true", ("born", Reason.WRONG_TYPE, "")),
            ("li,1990-5-1,female,0,12,0.5,true", ("born", Reason.WRONG_TYPE, "")),
            ("li,1990-05-01,woman,0,12,0.5,true", ("sex", Reason.UNKNOWN_CODE, "woman")),
            ("li,1990-05-01,female,7,12,0.5,true", ("level", Reason.UNKNOWN_CODE, "7")),
            ("li,1990-05-01,female,0,1.5,0.5,true", ("months", Reason.WRONG_TYPE, "1.5")),
            ("li,1990-05-01,female,0,-1,0.5,true", ("months", Reason.OUT_OF_RANGE, "-1")),
            ("li,1990-05-01,female,0,1201,0.5,true", ("months", Reason.OUT_OF_RANGE, "1201")),
            ("li,1990-05-01,female,0,12,100.5,true", ("rate", Reason.OUT_OF_RANGE, "100.5000")),
            ("li,1990-05-01,female,0,12,half,true", ("rate", Reason.WRONG_TYPE, "half")),
            ("li,1990-05-01,female,0,12,0.5,maybe", ("employed", Reason.WRONG_TYPE, "maybe")),
            ("li,1990-05-01,female,0,12,0.5,", ("employed", Reason.MISSING, "")),
            (",1990-05-01,female,0,12,0.5,true", ("resident_key", Reason.MISSING, "")),
            ("li,1990-05-01,female,0,12,0.5", ("", Reason.WRONG_SHAPE, "")),
        ],
    )
    def test_lists_a_row_that_does_not_fit(self, line: str, finding: tuple, tmp_path: Path):
        report = take(write_csv(tmp_path, WANG, line, "chen,,,,,,1"))
        assert (report.read, report.accepted, report.rejected) == (3, 2, 1)
        assert findings(report) == [(2, *finding)]
        assert [row[0] for row in rows_now()] == ["chen", "wang"]

    def test_numbers_rows_after_broken_ones(self, tmp_path: Path):
        report = take(write_csv(tmp_path, "a", LI, "b,c", "zhao,,,,x,,1", WANG))
        assert [(row, reason) for row, _, reason, _ in findings(report)] == [
            (1, Reason.WRONG_SHAPE),
            (3, Reason.WRONG_SHAPE),
            (4, Reason.WRONG_TYPE),
        ]
        assert report.read == report.accepted + report.rejected == 5

    def test_counts_a_row_once_however_much_is_wrong(self, tmp_path: Path):
        report = take(write_csv(tmp_path, "li,x,y,z,w,v,u"))
        assert (report.rejected, report.accepted) == (1, 0)
        assert report.reasons == {"wrong_type": 5, "unknown_code": 1}

    def test_reads_bytes_that_are_no_text(self, tmp_path: Path):
        path = tmp_path / "residents.csv"
        path.write_bytes(b"\xef\xbb\xbf" + HEADER.encode() + b"\n" + LI.encode() + b"\nw\xff,,,,,,1\n")
        report = take(path)
        assert findings(report) == [(2, "resident_key", Reason.WRONG_TYPE, "w�")]

    def test_keeps_the_first_of_equal_keys_and_lists_the_others(self, tmp_path: Path):
        report = take(write_csv(tmp_path, LI, WANG, LI.replace("12", "99"), "chen,,,,,,1", LI))
        assert [(found.row, found.reason, found.other_row) for found in list_rejections(report.id)] == [
            (3, Reason.DUPLICATE_KEY, 1),
            (5, Reason.DUPLICATE_KEY, 1),
        ]
        assert report.accepted == 3
        assert rows_now()[1][4] == 12

    def test_appends_only_keys_that_are_new(self, tmp_path: Path):
        take(write_csv(tmp_path, LI))
        report = take(write_csv(tmp_path, LI, WANG), Mode.APPEND, after_s=1)
        assert [(found.row, found.other_row) for found in list_rejections(report.id)] == [(1, 0)]
        assert [row[0] for row in rows_now()] == ["li", "wang"]
        assert report.version.version == 1

    def test_replaces_the_whole_table(self, tmp_path: Path):
        take(write_csv(tmp_path, LI))
        take(write_csv(tmp_path, WANG), after_s=1)
        assert [row[0] for row in rows_now()] == ["wang"]

    def test_takes_an_empty_table(self, tmp_path: Path):
        report = take(write_csv(tmp_path))
        assert (report.read, report.version.rows, rows_now()) == (0, 0, [])

    def test_tells_which_columns_were_absent_or_ignored(self, tmp_path: Path):
        report = take(write_csv(tmp_path, "li,true,x", header="resident_key,employed,nickname"))
        assert report.absent == ("born", "sex", "level", "months", "rate")
        assert report.ignored == ("nickname",)

    def test_refuses_a_source_without_a_needed_column(self, tmp_path: Path):
        with pytest.raises(ColumnsMissing, match="employed（在业）"):
            take(write_csv(tmp_path, "li", header="resident_key"))

    @pytest.mark.parametrize("name", ["nowhere.csv", "table.xlsx", "broken.parquet"])
    def test_refuses_what_is_no_table(self, name: str, tmp_path: Path):
        (tmp_path / "broken.parquet").write_bytes(b"PAR1 this is none")
        with pytest.raises(SourceUnreadable):
            take(tmp_path / name)


class TestTypedSources:
    def test_reads_parquet_with_its_types(self, tmp_path: Path):
        columns = {
            "resident_key": pa.array(["li", "wang", "chen"]).dictionary_encode(),
            "born": pa.array([date(1990, 5, 1), None, None]),
            "months": pa.array([12.0, 1.5, None]),
            "employed": pa.array([True, False, None]),
        }
        pq.write_table(pa.table(columns), tmp_path / "residents.parquet")
        report = take(tmp_path / "residents.parquet")
        assert findings(report) == [
            (2, "months", Reason.WRONG_TYPE, "1.5"),
            (3, "employed", Reason.MISSING, ""),
        ]
        assert rows_now() == [("li", date(1990, 5, 1), None, None, 12, None, True)]

    def test_reads_batches_at_hand(self):
        table = pa.table({"resident_key": ["li", "li"], "employed": ["1", "0"]})
        report = take(table)
        assert (report.accepted, report.rejected) == (1, 1)


class TestRecords:
    def test_tells_the_ledger_counts_and_digests(self, tmp_path: Path):
        report = take(write_csv(tmp_path, LI, LI))
        entry = list_entries().entries[0].entry
        assert (entry.actor, entry.action, entry.subject) == (CLERK, "lake.ingest", "table:resident@0")
        assert (entry.data["read"], entry.data["accepted"], entry.data["rejected"]) == (2, 1, 1)
        assert len(entry.data["source_digest"]) == 64
        assert "li" not in str(entry.data.values()).replace("duplicate", "")
        kept = Ingest.objects.get()
        assert (kept.id, kept.version, kept.rejected, kept.reasons) == (report.id, 0, 1, report.reasons)
