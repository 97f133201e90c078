"""Tables of cases. Written only by the gate and by `operations`."""

from zhicheng.core.cases.models.attachment import Attachment
from zhicheng.core.cases.models.case import Case
from zhicheng.core.cases.models.clock import ClockRow
from zhicheng.core.cases.models.history import HistoryRow
from zhicheng.core.cases.models.sweep import CalendarSweep

__all__ = ["Attachment", "CalendarSweep", "Case", "ClockRow", "HistoryRow"]
