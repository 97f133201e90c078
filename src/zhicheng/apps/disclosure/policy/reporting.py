"""The figures of the yearly report (条例第五十条): what came in, what was answered how, what is carried over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhicheng.apps.disclosure.values import APPLICANTS, ReportRow, Terms, YearReport


@dataclass(frozen=True)
class Counted:
    """One request as the report reads it; `decided` is the year of its answer, 0 while it is open."""

    applicant: str
    received: int
    decided: int
    decision: str
    ground: str
    late: bool


def count_year(year: int, requests: Iterable[Counted], terms: Terms) -> YearReport:
    """Count a year. Every request received by its end is in one line of new or carried over, and in one of the rest."""
    known = [request for request in requests if request.received <= year]
    current = [request for request in known if not request.decided or request.decided >= year]
    answered = [request for request in current if request.decided == year]
    rows = [
        _row("received", "一、本年新收政府信息公开申请数量", [each for each in known if each.received == year]),
        _row("carried_in", "二、上年结转政府信息公开申请数量", [each for each in current if each.received < year]),
    ]
    lines = {code: [each for each in answered if _line(each, terms) == code] for code in terms.report}
    rows += [_row(code, label, lines[code]) for code, label in terms.report.items()]
    rows.append(_row("total", "（七）总计", answered))
    rows.append(
        _row(
            "carried_out",
            "四、结转下年度继续办理",
            [each for each in current if not each.decided or each.decided > year],
        )
    )
    return YearReport(year, rows, sum(each.late for each in answered), len(answered))


def _line(request: Counted, terms: Terms) -> str:
    """The line that an answered request belongs to."""
    decision = terms.decisions.get(request.decision)
    if decision is None:
        return request.decision
    if decision.report == "ground":
        ground = terms.grounds.get(request.ground)
        return ground.report if ground else ""
    return decision.report


def _row(code: str, label: str, requests: Sequence[Counted]) -> ReportRow:
    return ReportRow(code, label, [sum(each.applicant == kind for each in requests) for kind in APPLICANTS])
