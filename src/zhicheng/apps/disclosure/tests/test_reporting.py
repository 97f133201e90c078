"""The yearly report: every request in exactly one line."""

from datetime import UTC, datetime

import pytest

from zhicheng.apps.appeals.tests.town import do, later, person
from zhicheng.apps.disclosure.operations.settling import settle
from zhicheng.apps.disclosure.policy import Counted, count_year
from zhicheng.apps.disclosure.public import list_late_answers, report_year
from zhicheng.apps.disclosure.tests.requests import REPLY, asked, in_hand
from zhicheng.apps.disclosure.values import Decision, Ground, Terms

TERMS = Terms(
    "条例",
    {
        "full": Decision("full", "公开", "一", "full", "either"),
        "refuse": Decision("refuse", "不公开", "二", "ground", "either", ground=True),
    },
    {"internal": Ground("internal", "内部", "三", "internal")},
    {},
    {"full": "公开", "internal": "内部", "withdrawn": "撤回"},
)


def _counted(received: int, decided: int = 0, decision: str = "", ground: str = "", *, late: bool = False) -> Counted:
    return Counted("person", received, decided, decision, ground, late)


class TestCountYear:
    def test_puts_each_request_into_its_lines(self):
        requests = [
            _counted(2025, 2025, "full"),
            _counted(2025, 2026, "refuse", "internal", late=True),
            _counted(2026, 2026, "full"),
            _counted(2026, 2026, "withdrawn"),
            _counted(2026, 2027, "full"),
            _counted(2026),
            _counted(2027),
        ]
        report = count_year(2026, requests, TERMS)
        assert {row.code: row.total for row in report.rows} == {
            "received": 4,
            "carried_in": 1,
            "full": 1,
            "internal": 1,
            "withdrawn": 1,
            "total": 3,
            "carried_out": 2,
        }
        assert (report.late, report.answered) == (1, 3)

    def test_balances(self):
        requests = [_counted(2020 + each % 4, 0 if each % 3 else 2024, "full") for each in range(40)]
        rows = {row.code: row.total for row in count_year(2024, requests, TERMS).rows}
        assert rows["received"] + rows["carried_in"] == rows["total"] + rows["carried_out"]


@pytest.mark.django_db
@pytest.mark.usefixtures("town")
class TestReportYear:
    def test_counts_for_those_who_read_the_unit(self):
        answered, late = in_hand(), in_hand(applicant="law", name="东桥律师事务所", id_number="91350100M000100Y43")
        asked()
        do(answered.case_id, "decide", "chen.wei", now=later(days=2), decision="refuse", ground="internal", text=REPLY)
        do(late.case_id, "decide", "chen.wei", now=later(days=60), decision="full", text=REPLY)
        for each in (answered, late):
            settle(each.case_id, later(days=60))
        report = report_year(2026, actor=person("zhao.lei"))
        rows = {row.code: row for row in report.rows}
        assert (rows["received"].total, rows["internal"].counts[0], rows["full"].counts[4]) == (3, 1, 1)
        assert (rows["carried_out"].total, report.late) == (1, 1)
        assert list_late_answers(2026, actor=person("zhao.lei")) == [late.case_id]

    def test_counts_nothing_for_others(self):
        in_hand()
        report = report_year(2026, actor=person("li.na"))
        assert sum(row.total for row in report.rows) == 0

    def test_ends_a_year_in_china(self):
        asked(now=datetime(2026, 12, 31, 17, tzinfo=UTC))
        rows = {row.code: row.total for row in report_year(2026, actor=person("zhao.lei")).rows}
        assert rows["received"] == 0
