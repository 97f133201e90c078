import pytest

from zhicheng.engines.commands.tests.words import NOW
from zhicheng.engines.commands.times import read_time

SPANS = [
    ("今天", "2026-03-11", "2026-03-12"),
    ("上周", "2026-03-02", "2026-03-09"),
    ("上周五", "2026-03-06", "2026-03-07"),
    ("上上周", "2026-02-23", "2026-03-02"),
    ("上个月", "2026-02-01", "2026-03-01"),
    ("本季度", "2026-01-01", "2026-04-01"),
    ("去年第四季度", "2025-10-01", "2026-01-01"),
    ("上半年", "2026-01-01", "2026-07-01"),
    ("今年以来", "2026-01-01", None),
    ("2026年3月", "2026-03-01", "2026-04-01"),
    ("12月", "2025-12-01", "2026-01-01"),
    ("二〇二五年", "2025-01-01", "2026-01-01"),
    ("3月1日到5日", "2026-03-01", "2026-03-06"),
    ("去年12月至今年2月", "2025-12-01", "2026-03-01"),
    ("2026-03-01至2026-03-05", "2026-03-01", "2026-03-06"),
    ("3月1日以来", "2026-03-01", None),
    ("自3月1日起", "2026-03-01", None),
    ("2000年以前", None, "2000-01-01"),
    ("最近30天", "2026-02-10", None),
    ("近半年", "2025-09-11", None),
    ("上世纪八十年代", "1980-01-01", "1990-01-01"),
]


class TestReadTime:
    @pytest.mark.parametrize(("text", "since", "until"), SPANS)
    def test_reads_the_days_that_are_meant(self, text, since, until):
        end, span = read_time(text, 0, NOW)
        found = [at.date().isoformat() if at else None for at in (span.since, span.until)]
        assert (end, *found) == (len(text), since, until)

    def test_counts_hours_back_from_the_hour(self):
        _, span = read_time("最近2小时", 0, NOW)
        assert span.since.isoformat() == "2026-03-11T08:00:00+08:00"

    @pytest.mark.parametrize("text", ["2月30日", "13月", "100米", "天"])
    def test_reads_no_day_that_does_not_exist(self, text):
        found = read_time(text, 0, NOW)
        assert found is None or found[0] < len(text)
