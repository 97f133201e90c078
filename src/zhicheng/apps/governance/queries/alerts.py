"""Alerts: which thresholds are crossed now, or were lately."""

from zhicheng.apps.governance.models import IndicatorAlert
from zhicheng.apps.governance.queries.catalogue import get_catalogue
from zhicheng.apps.governance.values import AlertItem, State
from zhicheng.core.cases.public import list_numbers


def list_alerts(*, code: str = "", ended: bool = False, count: int = 50) -> list[AlertItem]:
    """The newest alerts: those that hold, or also those that have ended."""
    rows = IndicatorAlert.objects.order_by("-since")
    if code:
        rows = rows.filter(indicator=code)
    if not ended:
        rows = rows.filter(ended_at__isnull=True)
    known = get_catalogue().indicators
    found = [row for row in rows[:count] if row.indicator in known]
    numbers = list_numbers(row.case_id for row in found if row.case_id)
    return [
        _item(row, known[row.indicator].label, numbers.get(row.case_id, "") if row.case_id else "") for row in found
    ]


def _item(row: IndicatorAlert, label: str, number: str) -> AlertItem:
    return AlertItem(row.indicator, label, row.area, State(row.state), row.value, row.since, number, row.ended_at)
